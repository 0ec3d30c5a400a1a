/** `vectors/jws.json` */
import { constants, createPrivateKey, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { SigningAlgorithm } from '../../src/jws/algorithm.ts';
import { decodeToken } from '../../src/jws/compact.ts';
import { createHmacSigner } from '../../src/jws/hmac.ts';
import { createSigner } from '../../src/jws/signer.ts';
import type { Adapter } from './vector.ts';

interface Signing {
  algorithm: SigningAlgorithm | 'HS256';
  key: JsonWebKey;
  signingInput: string;
  signature: string;
}

export const jws: Adapter = async (input: Signing | { jwt: string }) => {
  if ('jwt' in input) return decodeToken(input.jwt);
  const { algorithm, key, signingInput, signature } = input;
  const own = Buffer.from(await signerOf(algorithm, key).sign(Buffer.from(signingInput)));
  const published = Buffer.from(signature, 'base64url');
  return {
    octets: own.length,
    same: own.equals(published),
    // A MAC is made again by whoever checks it.
    ...(algorithm !== 'HS256' && { verify: [published, own].every((octets) => verifies({ algorithm, key, signingInput }, octets)) }),
  };
};

function signerOf(algorithm: Signing['algorithm'], key: JsonWebKey) {
  return algorithm === 'HS256'
    ? createHmacSigner(Buffer.from(key.k ?? '', 'base64url'))
    : createSigner(createPrivateKey({ key, format: 'jwk' }), algorithm);
}

/** By the runtime, with the rules of RFC 7518 §3 and RFC 8037 §3.1 written out once more. */
export function verifies(
  { algorithm, key, signingInput }: { algorithm: string; key: JsonWebKey; signingInput: string },
  signature: Uint8Array,
): boolean {
  const bits = algorithm.slice(2);
  const options = {
    RS: { padding: constants.RSA_PKCS1_PADDING },
    PS: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(bits) / 8 },
    ES: { dsaEncoding: 'ieee-p1363' as const },
  }[algorithm.slice(0, 2)];
  const publicKey = createPublicKey({ key, format: 'jwk' });
  return verify(options === undefined ? null : `sha${bits}`, Buffer.from(signingInput), { key: publicKey, ...options }, signature);
}
