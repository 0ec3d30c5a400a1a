/** The environment variables that each platform sets, pointing at this mock. */
import { MockError } from '../errors.ts';
import type { Folder } from '../folder.ts';
import type { Services } from '../services.ts';
import { APP_SERVICE_PATH } from './app-service.ts';
import { AZURE_ARC_PATH } from './azure-arc.ts';
import { createFederatedToken } from './external-issuer.ts';
import { SERVICE_ACCOUNT_SUBJECT } from './federated-credentials.ts';
import { GITHUB_ACTIONS_PATH } from './github-actions.ts';

export type PlatformName = 'imds' | 'app-service' | 'azure-arc' | 'github-actions' | 'kubernetes';

interface EnvironmentParts {
  readonly services: Services;
  readonly folder: Folder;
  /** The client that a pod's token stands for. */
  readonly own: { readonly id: string };
}

/**
 * The variables a program has on `platform`, and none of another's. On Kubernetes their token is a new one with each call.
 *
 * @throws {MockError} `invalid_option` for a platform that is none
 */
export async function platformEnvironment(
  platform: PlatformName,
  { services, folder, own }: EnvironmentParts,
): Promise<Readonly<Record<string, string>>> {
  const { platformUrl, authorityHost } = services;
  const { identityHeader, actionsToken, tenantId } = services.platform;
  switch (platform) {
    case 'imds':
      return { AZURE_POD_IDENTITY_AUTHORITY_HOST: platformUrl };
    case 'app-service':
      return { IDENTITY_ENDPOINT: `${platformUrl}${APP_SERVICE_PATH}`, IDENTITY_HEADER: identityHeader };
    case 'azure-arc':
      return { IDENTITY_ENDPOINT: `${platformUrl}${AZURE_ARC_PATH}`, IMDS_ENDPOINT: platformUrl };
    case 'github-actions':
      return {
        // GitHub's has a query too: a program must add to it.
        ACTIONS_ID_TOKEN_REQUEST_URL: `${platformUrl}${GITHUB_ACTIONS_PATH}?api-version=2.0`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: actionsToken,
      };
    case 'kubernetes': {
      const token = await createFederatedToken({ subject: SERVICE_ACCOUNT_SUBJECT, lifetimeSeconds: 3600 }, services);
      return {
        AZURE_AUTHORITY_HOST: `${authorityHost}/`,
        AZURE_TENANT_ID: tenantId,
        AZURE_CLIENT_ID: own.id,
        AZURE_FEDERATED_TOKEN_FILE: await folder.writeToken('azure-identity-token', token),
      };
    }
    default:
      throw new MockError(
        'invalid_option',
        `The platform is ${JSON.stringify(platform)}: give imds, app-service, azure-arc, github-actions or kubernetes`,
      );
  }
}
