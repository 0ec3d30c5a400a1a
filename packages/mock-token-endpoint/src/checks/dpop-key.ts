/** The key in a DPoP proof's header. RFC 9449 §4.2 and §4.3 items 5 to 7, RFC 7517 §4. */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK } from 'jose';

/** Whether `jwk` is an object without any member that only the owner of the key may know. RFC 7518 §6. */
export function isPublicJwk(jwk: unknown): jwk is JsonWebKey {
  return typeof jwk === 'object' && jwk !== null && !PRIVATE_MEMBERS.some((name) => name in jwk);
}

/** The key, or `undefined` when `jwk` is none. */
export function readPublicKey(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** The key's thumbprint, RFC 7638 §3: of its canonical form, however the sender wrote it. */
export async function keyThumbprint(key: KeyObject): Promise<string> {
  return calculateJwkThumbprint(await exportJWK(key), 'sha256');
}

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
