/** `vectors/dpop.json` */
import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { requireDpopProof } from '../../src/dpop/given-proof.ts';
import { readDpopNonce, readDpopNonceDemand } from '../../src/dpop/nonce.ts';
import { buildDpopProof, type ProvenRequest } from '../../src/dpop/proof.ts';
import { targetUri } from '../../src/dpop/target-uri.ts';
import type { HttpResponse } from '../../src/http-response.ts';
import type { SigningAlgorithm } from '../../src/jws/algorithm.ts';
import { decodeToken } from '../../src/jws/compact.ts';
import { jwkThumbprint } from '../../src/jws/jwk-thumbprint.ts';
import { createSigner } from '../../src/jws/signer.ts';
import { verifies } from './jws.ts';
import type { Adapter } from './vector.ts';

interface Input {
  build?: Omit<ProvenRequest, 'uniqueId'> & { id: string; key: JsonWebKey; algorithm?: SigningAlgorithm; algorithms?: string[] };
  verify?: { proof: string };
  check?: { proof: string; method: string; url: string; algorithms?: string[] };
  url?: string;
  response?: HttpResponse;
}

export const dpop: Adapter = async ({ build, verify, check, url, response }: Input) => {
  if (build !== undefined) {
    const signer = createSigner(createPrivateKey({ key: build.key, format: 'jwk' }), build.algorithm);
    const proof = await buildDpopProof({ ...build, signer, publicKey: build.key, uniqueId: () => build.id });
    return { ...decodeToken(proof), ...(build.key.kty === 'OKP' && { proof }) };
  }
  if (verify !== undefined) return verified(verify.proof);
  if (check !== undefined) return requireDpopProof(check.proof, check) ?? 'accepted';
  if (response !== undefined) return { nonce: readDpopNonce(response.headers) ?? null, retry: readDpopNonceDemand(response) !== undefined };
  return targetUri(url ?? '');
};

function verified(proof: string) {
  const { header, claims } = decodeToken(proof);
  const key = header['jwk'] as JsonWebKey;
  const end = proof.lastIndexOf('.');
  const signature = Buffer.from(proof.slice(end + 1), 'base64url');
  const valid = verifies({ algorithm: String(header['alg']), key, signingInput: proof.slice(0, end) }, signature);
  return { valid, thumbprint: jwkThumbprint(key), claims };
}
