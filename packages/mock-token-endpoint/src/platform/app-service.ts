/** App Service, Functions and Container Apps: managed identities behind a secret in the environment. Azure: App Service managed identities. */
import type { IdentityPlatform } from './identity-endpoint.ts';

/** Its path on the local listener; the real one is in `IDENTITY_ENDPOINT` too, and free to change. */
export const APP_SERVICE_PATH: string = '/msi/token';

const SECTION = 'Azure: App Service managed identities';

/** `GET {IDENTITY_ENDPOINT}` */
export const appService: IdentityPlatform = {
  section: SECTION,
  versions: ['2019-08-01'],
  identityParameters: { client_id: 'clientId', object_id: 'objectId', principal_id: 'objectId', mi_res_id: 'resourceId' },
  admit: (checks, { request, services }) =>
    checks.require(request.headers['x-identity-header'] === services.platform.identityHeader, {
      name: 'X-IDENTITY-HEADER is the secret of IDENTITY_HEADER',
      section: SECTION,
      refusal: { status: 401, error: 'unauthorized', message: 'The header X-IDENTITY-HEADER is not the value of IDENTITY_HEADER.' },
    }),
  members: ({ expires_on, resource, token_type, client_id }) => ({ expires_on, resource, token_type, client_id }),
  refuse: ({ status, message, headers = {} }, { uniqueId }) => ({
    status,
    headers,
    body: { statusCode: status, message, correlationId: uniqueId() },
  }),
};
