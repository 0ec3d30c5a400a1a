/** Asks an issuer for its metadata. RFC 8414 §3, OpenID Connect Discovery §4. */
import { type AuthorizationServer, ProtocolError, readMetadata } from '@client-credentials/protocol';
import type { Expiring } from '@client-credentials/token-cache';
import { TokenSourceError } from '../errors.ts';
import type { Transport } from '../transport/transport.ts';
import type { Authority } from './authority.ts';

/** A server as its metadata described it, for a day. */
export interface DiscoveredServer extends Expiring {
  readonly server: AuthorizationServer;
}

/**
 * The server that the first readable document describes. A document that names another issuer ends the search: it is no
 * reason to look elsewhere.
 *
 * @throws {ProtocolError} `issuer_mismatch`, `invalid_url`; `invalid_response` if no document could be read
 * @throws {TokenSourceError} `network`, `timeout`, `redirected`
 * @see RFC 8414 §3.3 https://www.rfc-editor.org/rfc/rfc8414#section-3.3
 */
export async function discover(
  authority: Authority,
  context: { readonly transport: Transport; readonly signal: AbortSignal; readonly timeoutMs: number; readonly now: () => number },
): Promise<DiscoveredServer> {
  const { transport, signal, timeoutMs, now } = context;
  let failure: unknown;
  for (const url of authority.metadataUrls) {
    const receivedAtMs = now();
    const response = await transport.send({ url, method: 'GET', headers: { accept: 'application/json' }, signal, timeoutMs });
    try {
      return {
        server: readMetadata(response, { ...authority, receivedAtMs: now() }),
        receivedAtMs,
        expiresAtMs: receivedAtMs + METADATA_LIFETIME_MS,
      };
    } catch (error) {
      const isAbsent = error instanceof ProtocolError && error.code === 'invalid_response' && !error.transient;
      if (!isAbsent) throw error;
      failure = error;
    }
  }
  throw failure ?? new TokenSourceError('invalid_configuration', `The issuer "${authority.issuer}" has no metadata URL to ask`);
}

const METADATA_LIFETIME_MS = 24 * 3600 * 1000;
