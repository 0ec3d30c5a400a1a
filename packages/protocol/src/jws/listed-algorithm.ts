/** The algorithm that signs here, held against those the server says it takes. RFC 8414 §2, RFC 9449 §5.1, RFC 9864 §2.2. */
import { ProtocolError, quote } from '../errors.ts';

/**
 * The name under which the server lists this algorithm, for the header's `alg`; `undefined` if it does not. A server without a
 * list takes any.
 *
 * @see RFC 8414 §2 https://www.rfc-editor.org/rfc/rfc8414#section-2
 */
export function listedName(algorithm: string, listed: readonly string[] | undefined): string | undefined {
  if (listed === undefined || listed.includes(algorithm)) return algorithm;
  // RFC 9864 §2.2: Ed25519 was one of two that shared this name, and a server from before may know no other.
  return algorithm === 'Ed25519' && listed.includes(LEGACY_ED25519) ? LEGACY_ED25519 : undefined;
}

/**
 * As `listedName`, and throws where that has none.
 *
 * @param list.of  what is signed, for the message: "client assertions"
 * @throws {ProtocolError} `unsupported_algorithm`
 * @see RFC 8414 §2 https://www.rfc-editor.org/rfc/rfc8414#section-2
 */
export function requireListed(algorithm: string, list: { readonly of: string; readonly names: readonly string[] | undefined }): string {
  const name = listedName(algorithm, list.names);
  if (name !== undefined) return name;
  throw new ProtocolError(
    'unsupported_algorithm',
    `The server takes ${list.of} signed with ${quote(list.names?.join(' '))}, and ${quote(algorithm)} is not among them; use a key or an algorithm that is`,
  );
}

/** @see RFC 8037 §3.1 https://www.rfc-editor.org/rfc/rfc8037#section-3.1 */
export const LEGACY_ED25519 = 'EdDSA';
