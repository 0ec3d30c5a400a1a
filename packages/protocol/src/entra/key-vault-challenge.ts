/**
 * Azure Key Vault's challenge: a vault tells whoever asks without a token which tenant and resource it belongs to. How far it is
 * believed follows from RFC 9700 §4.4 and §4.9: an API may be a false one.
 */

import type { Challenge } from '../challenge/www-authenticate.ts';
import { ProtocolError, quote } from '../errors.ts';
import { parseEndpoint } from '../url.ts';
import { parseTenant } from './authority.ts';
import { isKnownLoginHost } from './clouds.ts';

/** What a vault's token is asked for with: `entraServer` takes the first two. */
export interface KeyVaultChallenge {
  readonly authorityHost: string;
  readonly tenant: string;
  readonly scope: string;
}

/**
 * Where the vault's token comes from, or `undefined` if this challenge does not name both an authority and a resource.
 *
 * A resource that could name any authority would collect its callers' credentials, and one that could name any audience would
 * collect their tokens for others. So both are checked, and what fails throws.
 *
 * @param context.requestUrl  where the request went that was refused; its host must lie below the host of the resource
 * @param context.authorityHosts  hosts, with their port unless it is 443, that may stand for the authority beside the known login hosts
 * @throws {ProtocolError} `invalid_response` for a foreign authority or resource; `invalid_tenant`, `invalid_url` for what is no
 *   tenant of a daemon, or no https URL
 * @see Azure Key Vault: Authentication, requests and responses
 *   https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses
 */
export function readKeyVaultChallenge(
  { scheme, parameters }: Challenge,
  context: { requestUrl: string; authorityHosts?: readonly string[] | undefined },
): KeyVaultChallenge | undefined {
  const authorization = parameters['authorization'] ?? parameters['authorization_uri'];
  const resource = parameters['resource'];
  const scope = parameters['scope'] ?? (resource === undefined ? undefined : `${resource}/.default`);
  if (scheme !== 'bearer' || authorization === undefined || scope === undefined) return undefined;

  const authority = parseEndpoint(authorization, { name: 'The authority in the Key Vault challenge' });
  // As a list, whatever was given: a text would also include parts of a host.
  requireKnownAuthority(authority.host, [context.authorityHosts].flat());
  requireOwnResource(scope, context.requestUrl);
  const [, tenant = ''] = authority.pathname.split('/', 2);
  return { authorityHost: authority.host, tenant: parseTenant(tenant), scope };
}

function requireKnownAuthority(host: string, others: readonly (string | undefined)[]): void {
  if (isKnownLoginHost(host) || others.includes(host)) return;
  throw new ProtocolError(
    'invalid_response',
    `The Key Vault challenge names the authority ${quote(host)}, which is no known login host; if it is yours, list it among the authority hosts`,
  );
}

function requireOwnResource(scope: string, requestUrl: string): void {
  const resource = parseEndpoint(scope, { name: 'The resource in the Key Vault challenge' }).hostname;
  const vault = parseEndpoint(requestUrl, { name: 'The URL of the vault' }).hostname;
  if (vault.endsWith(`.${resource}`)) return;
  throw new ProtocolError(
    'invalid_response',
    `The Key Vault challenge of ${quote(vault)} asks for a token of ${quote(resource)}, which the vault is not below; check the vault's URL`,
  );
}
