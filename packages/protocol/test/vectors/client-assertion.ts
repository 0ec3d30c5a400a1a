/** `vectors/client-assertion.json` */
import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { type AssertionOverrides, buildClientAssertion } from '../../src/assertion/client-assertion.ts';
import type { AuthorizationServer } from '../../src/authorization-server.ts';
import type { ClientCertificate } from '../../src/certificate/certificate.ts';
import { type SigningAlgorithm, signatureScheme } from '../../src/jws/algorithm.ts';
import { decodeToken } from '../../src/jws/compact.ts';
import { createSigner } from '../../src/jws/signer.ts';
import { verifies } from './jws.ts';
import type { Adapter } from './vector.ts';

interface Input {
  server: AuthorizationServer;
  clientId: string;
  nowMs: number;
  id: string;
  algorithm: SigningAlgorithm;
  key?: JsonWebKey;
  certificate?: Partial<Pick<ClientCertificate, 'x5t' | 'x5tS256' | 'x5c' | 'algorithms'>>;
  overrides?: AssertionOverrides;
}

export const clientAssertion: Adapter = async ({ id, algorithm, key, certificate, overrides, ...subject }: Input) => {
  const signer =
    key === undefined
      ? { algorithm, sign: () => new Uint8Array(signatureScheme(algorithm).octets ?? 256) }
      : createSigner(createPrivateKey({ key, format: 'jwk' }), algorithm);
  const defaults = { subject: 'CN=daemon', notBeforeMs: 0, notAfterMs: subject.nowMs, algorithms: [algorithm] };
  const assertion = await buildClientAssertion({
    ...subject,
    ...overrides,
    uniqueId: () => id,
    signer,
    certificate: certificate && ({ ...defaults, ...certificate } as ClientCertificate),
  });
  return { ...decodeToken(assertion), ...(key !== undefined && signed(assertion, { algorithm, key })) };
};

/** The assertion itself where its signature is always the same; else whether it verifies. */
function signed(assertion: string, { algorithm, key }: { algorithm: SigningAlgorithm; key: JsonWebKey }): object {
  if (/^(RS|Ed)/.test(algorithm)) return { assertion };
  const end = assertion.lastIndexOf('.');
  const signature = Buffer.from(assertion.slice(end + 1), 'base64url');
  return { verified: verifies({ algorithm, key, signingInput: assertion.slice(0, end) }, signature) };
}
