/** What signs: a key held here, or anything else that can sign octets. RFC 7515 §5.1 step 5. */
import { type KeyObject, sign } from 'node:crypto';
import { ProtocolError } from '../errors.ts';
import { algorithmsOf, allAlgorithms, requireAlgorithm, requireStrongKey, type SigningAlgorithm, signatureScheme } from './algorithm.ts';

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
 * A signer with a key of this process. It signs on the thread pool, so that the event loop stays free, and rejects with
 * `invalid_credential` if the key turns out to be damaged.
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
        sign(digest, bytes, { key, ...options }, (cause, signature) => {
          if (cause === null) resolve(signature);
          else
            reject(
              new ProtocolError('invalid_credential', `The private key does not sign with ${chosen}; check where it came from`, { cause }),
            );
        });
      }),
  };
}

/**
 * Throws unless this can sign, with one of the algorithms a client signs with.
 *
 * @throws {ProtocolError} `invalid_credential`, `unsupported_algorithm`
 * @see RFC 8725 §3.1 https://www.rfc-editor.org/rfc/rfc8725#section-3.1
 */
export function requireSigner(signer: Signer): void {
  if (typeof signer?.sign !== 'function')
    throw new ProtocolError('invalid_credential', 'The signer has no function "sign"; give { algorithm, sign(bytes) }');
  requireAlgorithm(signer.algorithm, allAlgorithms());
}
