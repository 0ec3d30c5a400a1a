/** Whether credentials may go to a host as to one of Microsoft's: because that is known, or because Microsoft says so. */
import {
  type AuthorizationServer,
  instanceDiscoveryUrl,
  isKnownLoginHost,
  isLoopbackHost,
  readInstanceDiscovery,
  TokenResponseError,
} from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';
import type { DiscoveryContext } from './authority.ts';

/** Whether this server is one of Microsoft's known ones, or on this machine. */
export function isKnownServer({ issuer }: Pick<AuthorizationServer, 'issuer'>): boolean {
  const { host, hostname } = new URL(issuer);
  return isKnownLoginHost(host) || isLoopbackHost(hostname);
}

/**
 * Whether Microsoft says that this server is one of its own. The server itself is sent nothing.
 *
 * @throws {TokenResponseError} `invalid_response` if the answer says neither
 * @throws {TokenSourceError} `network`, `timeout`, `redirected`
 * @see Instance discovery, as MSAL does it https://learn.microsoft.com/entra/msal/dotnet/advanced/client-application-configuration
 */
export async function isMicrosoftServer(
  server: AuthorizationServer,
  { transport, signal, timeoutMs, now }: DiscoveryContext,
): Promise<boolean> {
  const url = instanceDiscoveryUrl(server);
  const response = await transport.send({ url, method: 'GET', headers: { accept: 'application/json' }, signal, timeoutMs });
  try {
    readInstanceDiscovery(response, { host: new URL(server.issuer).host, receivedAtMs: now() });
    return true;
  } catch (error) {
    if (error instanceof TokenResponseError && error.error === 'invalid_instance') return false;
    throw error;
  }
}

/** @param why  what speaks against the host, and what to do */
export function untrusted({ issuer }: Pick<AuthorizationServer, 'issuer'>, why: string): TokenSourceError {
  return new TokenSourceError('untrusted_authority', `The authority host "${new URL(issuer).host}" ${why}`);
}
