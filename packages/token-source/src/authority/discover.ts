/** Asks an issuer for its metadata. RFC 8414 §3, OpenID Connect Discovery §4. */
import { ProtocolError, readMetadata } from '@client-credentials/protocol';
import type { DiscoveredServer, DiscoveryContext } from './authority.ts';

/** Whose metadata, and where they may stand, in the order in which they are tried. */
export interface Publisher {
  readonly issuer: string;
  readonly metadataUrls: readonly [string, ...string[]];
  readonly allowHttpLoopback: boolean;
}

/**
 * The server that the first readable document describes, for a day. A document that names another issuer ends the search: it is no
 * reason to look elsewhere.
 *
 * @throws {ProtocolError} `issuer_mismatch`, `invalid_url`; `invalid_response` if no document could be read
 * @throws {TokenSourceError} `network`, `timeout`, `redirected`
 * @see RFC 8414 §3.3 https://www.rfc-editor.org/rfc/rfc8414#section-3.3
 */
export async function discover(publisher: Publisher, { transport, signal, timeoutMs, now }: DiscoveryContext): Promise<DiscoveredServer> {
  let failure: unknown;
  for (const url of publisher.metadataUrls) {
    const receivedAtMs = now();
    const response = await transport.send({ url, method: 'GET', headers: { accept: 'application/json' }, signal, timeoutMs });
    try {
      return {
        server: readMetadata(response, { ...publisher, receivedAtMs: now() }),
        receivedAtMs,
        expiresAtMs: receivedAtMs + METADATA_LIFETIME_MS,
      };
    } catch (error) {
      const isAbsent = error instanceof ProtocolError && error.code === 'invalid_response' && !error.transient;
      if (!isAbsent) throw error;
      failure = error;
    }
  }
  throw failure;
}

const METADATA_LIFETIME_MS = 24 * 3600 * 1000;
