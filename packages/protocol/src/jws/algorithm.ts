/** The signature algorithms, and which key each one wants. RFC 7518 §3.1, RFC 9864 §2.2. */
import { constants, type KeyObject } from 'node:crypto';
import { ProtocolError, quote } from '../errors.ts';

/** The registered `alg` names that a client signs with. `none` and the symmetric ones are not among them. */
export type SigningAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512' | 'Ed25519';

/** How `node:crypto` makes a signature of one algorithm. */
export interface SignatureScheme {
  /** The message digest; Ed25519 has its own and takes none. */
  readonly digest?: 'sha256' | 'sha384' | 'sha512';
  readonly padding?: number;
  readonly saltLength?: number;
  readonly dsaEncoding?: 'ieee-p1363';
  /** How long every signature is, where the algorithm alone decides. */
  readonly octets?: number;
}

/** How to sign with this algorithm. @see RFC 7518 §3.1 https://www.rfc-editor.org/rfc/rfc7518#section-3.1 */
export function signatureScheme(algorithm: SigningAlgorithm): SignatureScheme {
  return SCHEMES[algorithm];
}

/**
 * The algorithms this key can sign with, the preferred one first; empty if there is none.
 *
 * @see RFC 7518 §3.1 https://www.rfc-editor.org/rfc/rfc7518#section-3.1
 */
export function algorithmsOf(key: KeyObject): readonly SigningAlgorithm[] {
  const type = key.asymmetricKeyType;
  if (type === 'rsa') return ['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'];
  if (type === 'ed25519') return ['Ed25519'];
  if (type === 'ec') return CURVE_ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? [];
  return [];
}

/**
 * Throws unless the key is strong enough to be used at all.
 *
 * @throws {ProtocolError} `weak_key` for an RSA modulus under 2048 bits
 * @see RFC 7518 §3.3 and §3.5 https://www.rfc-editor.org/rfc/rfc7518#section-3.3
 */
export function requireStrongKey(key: KeyObject): void {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits !== undefined && bits < 2048) {
    throw new ProtocolError('weak_key', `The RSA key has ${bits} bits; RFC 7518 §3.3 wants 2048 or more. Make a new key and certificate`);
  }
}

/**
 * Throws unless the algorithm is one that this key can sign with: an algorithm belongs to a key, and nothing received may choose it.
 *
 * @throws {ProtocolError} `unsupported_algorithm`
 * @see RFC 8725 §3.1 https://www.rfc-editor.org/rfc/rfc8725#section-3.1
 */
export function requireAlgorithm(algorithm: string, allowed: readonly SigningAlgorithm[]): SigningAlgorithm {
  const found = allowed.find((candidate) => candidate === algorithm);
  if (found !== undefined) return found;
  if (allowed.length === 0)
    throw new ProtocolError(
      'unsupported_algorithm',
      'No registered algorithm fits this key; use an RSA, P-256, P-384, P-521 or Ed25519 key',
    );
  throw new ProtocolError('unsupported_algorithm', `This key cannot sign with ${quote(algorithm)}; it can sign with ${allowed.join(', ')}`);
}

/** Every algorithm a client may sign with. RFC 8725 §3.1: an allow-list, in which `none` and the symmetric ones are not. */
export function allAlgorithms(): readonly SigningAlgorithm[] {
  return Object.keys(SCHEMES) as SigningAlgorithm[];
}

// RFC 7518 §3.5: the salt is as long as the digest. The default of OpenSSL is longer, and servers refuse it.
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } as const;
const PKCS1 = { padding: constants.RSA_PKCS1_PADDING } as const;
// RFC 7518 §3.4: R and S side by side, each as wide as the curve, not DER.
const ECDSA = { dsaEncoding: 'ieee-p1363' } as const;

const SCHEMES: Readonly<Record<SigningAlgorithm, SignatureScheme>> = {
  RS256: { digest: 'sha256', ...PKCS1 },
  RS384: { digest: 'sha384', ...PKCS1 },
  RS512: { digest: 'sha512', ...PKCS1 },
  PS256: { digest: 'sha256', ...PSS },
  PS384: { digest: 'sha384', ...PSS },
  PS512: { digest: 'sha512', ...PSS },
  ES256: { digest: 'sha256', ...ECDSA, octets: 64 },
  ES384: { digest: 'sha384', ...ECDSA, octets: 96 },
  ES512: { digest: 'sha512', ...ECDSA, octets: 132 },
  Ed25519: { octets: 64 },
};

/** OpenSSL's name of the curve → its one algorithm. RFC 7518 §3.4. */
const CURVE_ALGORITHMS: Readonly<Record<string, readonly SigningAlgorithm[]>> = {
  prime256v1: ['ES256'],
  secp384r1: ['ES384'],
  secp521r1: ['ES512'],
};
