/** Answers in Key Vault's shape: JSON with an `x-ms-request-id`, and a challenge of its own. Key Vault: authentication, requests and responses. */
import { VAULT_RESOURCE } from '../api-resource.ts';
import type { Answer } from '../server/http.ts';
import type { Services } from '../services.ts';
import type { Challenge } from './challenge.ts';
import type { GraphRefusal } from './graph-answer.ts';

export function vaultSuccess(body: object, services: Services): Answer {
  return { status: 200, headers: commonHeaders(services), body };
}

export function vaultError({ status, code, message, headers, challenge }: GraphRefusal, services: Services): Answer {
  const is401 = status === 401;
  return {
    status,
    headers: {
      ...commonHeaders(services),
      ...headers,
      ...(is401 ? { 'www-authenticate': vaultChallenge(challenge, services) } : {}),
    },
    body: { error: { code: is401 ? 'Unauthorized' : code, message } },
  };
}

/** Key Vault: `authorization` and `resource` in place of OAuth's parameters, and no realm; the tenant is in the path of the authority. */
function vaultChallenge(challenge: Challenge | undefined, { authorityHost, platform }: Services): string {
  const parameters = {
    authorization: `${authorityHost}/${platform.tenantId}`,
    resource: VAULT_RESOURCE,
    ...(challenge ? { error: challenge.error, error_description: challenge.description } : {}),
  };
  const written = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
  return `Bearer ${written.join(', ')}`;
}

function commonHeaders({ uniqueId }: Services): Record<string, string> {
  return { 'cache-control': 'no-cache', 'x-ms-request-id': uniqueId() };
}
