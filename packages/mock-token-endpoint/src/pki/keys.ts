/** Where keys come from, and the one that signs tokens with its public JWK set. RFC 7517 §5, RFC 7638. */
import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** What signs tokens, and what others verify them with. */
export interface SigningKey extends KeyPair {
  /** The key's thumbprint. */
  readonly kid: string;
  /** The document at `jwks_uri`. */
  readonly keySet: { readonly keys: readonly JWK[] };
}

/** What a mock has a key of its own for. */
export type KeyPurpose = 'authority' | 'server' | 'client' | 'access tokens' | 'external issuer';

/** Gives RSA keys of 2048 bits: new ones, or the public ones that make every run the same. */
export type KeySource = (purpose: KeyPurpose) => Promise<KeyPair>;

const generate = promisify(generateKeyPair);

/** A new RSA key of 2048 bits, made off the event loop: several at once use several cores. */
export function generateRsaKeyPair(): Promise<KeyPair> {
  return generate('rsa', { modulusLength: 2048 });
}

/** A new P-256 key. */
export function generateEcKeyPair(): Promise<KeyPair> {
  return generate('ec', { namedCurve: 'P-256' });
}

/** The signing key of this RSA key pair. */
export async function createSigningKey({ publicKey, privateKey }: KeyPair): Promise<SigningKey> {
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { publicKey, privateKey, kid, keySet: { keys: [{ ...jwk, kid, use: 'sig', alg: 'RS256' }] } };
}
