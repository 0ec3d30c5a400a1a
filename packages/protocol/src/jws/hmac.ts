/** HMAC with SHA-256, for clients that share a secret with the server. RFC 7518 §3.2. */
import { createHmac, createSecretKey } from 'node:crypto';
import { ProtocolError } from '../errors.ts';

/** Not a `Signer`: where a key pair is wanted, a MAC can never stand in for a signature. */
export interface HmacSigner {
  readonly algorithm: 'HS256';
  sign(bytes: Uint8Array): Uint8Array;
}

/**
 * Makes the MAC of octets with this key.
 *
 * @throws {ProtocolError} `weak_key` for fewer than 32 octets, the size of the hash
 * @see RFC 7518 §3.2 https://www.rfc-editor.org/rfc/rfc7518#section-3.2
 */
export function createHmacSigner(octets: Uint8Array): HmacSigner {
  if (octets.length < HASH_OCTETS) {
    throw new ProtocolError(
      'weak_key',
      `The shared secret has ${octets.length} octets; HS256 wants ${HASH_OCTETS} or more (RFC 7518 §3.2). Have the server issue a longer one`,
    );
  }
  const key = createSecretKey(octets);
  return { algorithm: 'HS256', sign: (bytes) => createHmac('sha256', key).update(bytes).digest() };
}

const HASH_OCTETS = 32;
