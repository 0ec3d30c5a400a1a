/** App Service, Functions and Container Apps: a token service behind a secret in the environment. Azure: App Service managed identities. */
import { readVariable } from '../environment.ts';
import { identityParameter } from './identity.ts';
import { type Host, type Platform, readEndpoint, withQuery } from './platform.ts';
import { usualRhythm } from './retry-rhythm.ts';

/**
 * Found by `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`.
 *
 * @see Managed identities for App Service, REST endpoint reference
 *   https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function appService({ environment, identity }: Host): Platform | undefined {
  const secret = readVariable(environment, 'IDENTITY_HEADER');
  const url = secret === undefined ? undefined : readEndpoint(environment, 'IDENTITY_ENDPOINT');
  if (secret === undefined || url === undefined) return undefined;
  const parameters = { clientId: 'client_id', objectId: 'object_id', resourceId: 'mi_res_id' };
  const named = identityParameter(identity, { name: NAME, parameters });
  return {
    name: NAME,
    retryRhythm: usualRhythm,
    buildRequest: (resource) => ({
      url: withQuery(url, { 'api-version': '2019-08-01', resource, ...named }),
      method: 'GET',
      headers: { accept: 'application/json', 'x-identity-header': secret },
    }),
  };
}

const NAME = 'App Service';
