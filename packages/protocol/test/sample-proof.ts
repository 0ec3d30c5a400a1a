/** The keys, the request and the server of the tests of DPoP. */
import { createPrivateKey } from 'node:crypto';
import type { JWTVerifyOptions } from 'jose';
import { fixture } from '../../../test/support/certificates.ts';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { buildDpopProof, type ProvenRequest } from '../src/dpop/proof.ts';
import type { SigningAlgorithm } from '../src/jws/algorithm.ts';
import { createSigner } from '../src/jws/signer.ts';

export const nowMs = 1_562_262_616_999;
export const url = 'https://server.example.com/token';
export const keyOf = (name: string, algorithm?: SigningAlgorithm) => {
  const key = createPrivateKey(fixture(`${name}.key.pem`));
  return { signer: createSigner(key, algorithm), publicKey: key.export({ format: 'jwk' }) };
};
export const p256 = keyOf('p256');
export const build = (more: Partial<ProvenRequest> = {}, key: Parameters<typeof keyOf> = ['p256']) =>
  buildDpopProof({ ...keyOf(...key), method: 'POST', url, nowMs, uniqueId: () => 'id', ...more });
export const verifyOptions: JWTVerifyOptions = { typ: 'dpop+jwt', currentDate: new Date(nowMs) };
export const server: AuthorizationServer = { profile: 'rfc', issuer: 'https://server.example.com', tokenEndpoint: url };
