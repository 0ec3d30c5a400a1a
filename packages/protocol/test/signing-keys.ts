/** A key of the fixtures for every algorithm that signs. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { fixture } from '../../../test/support/certificates.ts';
import type { SigningAlgorithm } from '../src/jws/algorithm.ts';

const KEY_OF: Readonly<Record<SigningAlgorithm, string>> = {
  RS256: 'rsa',
  RS384: 'rsa',
  RS512: 'rsa',
  PS256: 'rsa',
  PS384: 'rsa',
  PS512: 'rsa',
  ES256: 'p256',
  ES384: 'p384',
  ES512: 'p521',
  Ed25519: 'ed25519',
};
export const privateKey = (algorithm: SigningAlgorithm) => createPrivateKey(fixture(`${KEY_OF[algorithm]}.key.pem`));
export const publicKey = (algorithm: SigningAlgorithm) => createPublicKey(fixture(`${KEY_OF[algorithm]}.crt.pem`));
export const algorithms = Object.keys(KEY_OF) as SigningAlgorithm[];
