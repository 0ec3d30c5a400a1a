/** What signs: a key held here, or anything else that can sign octets. RFC 7515 §5.1 step 5. */
import { type KeyObject, sign } from 'node:crypto';
import { algorithmsOf, requireAlgorithm, requireStrongKey, type SigningAlgorithm, signatureScheme } from './algorithm.ts';

export type MaybePromise<T> = T | Promise<T>;

/**
 * Signs octets with one algorithm. The library builds header and claims; a key store, an HSM or a remote service may do
 * the signing. ECDSA signatures are R and S side by side (IEEE P1363), as RFC 7518 §3.4 wants them.
 */
export interface Signer {
  readonly algorithm: SigningAlgorithm;
  sign(bytes: Uint8Array): MaybePromise<Uint8Array>;
}

/**
 * A signer with a key of this process. It signs on the thread pool, so that the event loop stays free.
 *
 * @param algorithm  default: the preferred one of the key (PS256 for RSA)
 * @throws {ProtocolError} `weak_key`; `unsupported_algorithm` if the key is of another kind
 * @see RFC 7515 §5.1 https://www.rfc-editor.org/rfc/rfc7515#section-5.1
 */
export function createSigner(key: KeyObject, algorithm?: SigningAlgorithm): Signer {
  requireStrongKey(key);
  const allowed = algorithmsOf(key);
  const chosen = requireAlgorithm(algorithm ?? allowed[0] ?? 'none', allowed);
  const { digest, octets: _, ...options } = signatureScheme(chosen);
  return {
    algorithm: chosen,
    sign: (bytes) =>
      new Promise((resolve, reject) => {
        sign(digest, bytes, { key, ...options }, (error, signature) => (error === null ? resolve(signature) : reject(error)));
      }),
  };
}
