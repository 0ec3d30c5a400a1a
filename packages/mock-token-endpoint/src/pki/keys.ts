/** RSA keys, and the one that signs access tokens with its public JWK set. RFC 7517 §5, RFC 7638. */
import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';

export interface RsaKeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** What signs access tokens, and what others verify them with. */
export interface SigningKey extends RsaKeyPair {
  /** The key's thumbprint. */
  readonly kid: string;
  /** The document at `jwks_uri`. */
  readonly keySet: { readonly keys: readonly JWK[] };
}

const generate = promisify(generateKeyPair);

/** A new RSA key of 2048 bits, made off the event loop: several at once use several cores. */
export function generateRsaKeyPair(): Promise<RsaKeyPair> {
  return generate('rsa', { modulusLength: 2048 });
}

/** A new key for access tokens. */
export async function createSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateRsaKeyPair();
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { publicKey, privateKey, kid, keySet: { keys: [{ ...jwk, kid, use: 'sig', alg: 'RS256' }] } };
}
