/** Microsoft Entra ID as the authority: a cloud and one real tenant. */
import { type Cloud, cloudOfHost, entraServer, isKnownLoginHost, isLoopbackHost } from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import type { Authority } from './authority.ts';

/**
 * One Entra tenant. No question is asked first: a cloud's endpoints are known.
 *
 * @param options.tenant  the tenant's GUID or domain name; never `common`, `organizations` or `consumers`
 * @param options.cloud  default: `public`
 * @param options.authorityHost  another login host. Besides Microsoft's known ones and loopback it needs `trustAuthorityHost`,
 *   since the secret or assertion goes there
 * @throws {ProtocolError} `invalid_tenant`, `invalid_url`, `invalid_parameter`
 * @throws {TokenSourceError} `untrusted_authority`
 * @see Microsoft identity platform and the OAuth 2.0 client credentials flow
 *   https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function entra(options: {
  tenant: string;
  cloud?: Cloud | undefined;
  authorityHost?: string | undefined;
  trustAuthorityHost?: boolean | undefined;
  allowHttpLoopback?: boolean | undefined;
}): Authority {
  const server = entraServer(options);
  const { host, hostname } = new URL(server.issuer);
  if (!isKnownLoginHost(host) && !isLoopbackHost(hostname) && options.trustAuthorityHost !== true) {
    throw new TokenSourceError(
      'untrusted_authority',
      `The authority host "${host}" is none of Microsoft's known ones; if credentials may go there, say so with trustAuthorityHost (for the environment: trustedAuthorityHosts)`,
    );
  }
  const cloud = cloudOfHost(host);
  return {
    kind: 'entra',
    issuer: server.issuer,
    ...(server.tenant !== undefined && { tenant: server.tenant }),
    ...(cloud !== undefined && { cloud }),
    server,
    forTenant: (tenant) => entra({ ...options, tenant }),
  };
}
