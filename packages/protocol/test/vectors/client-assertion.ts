/** `vectors/client-assertion.json` */
import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { type AssertionOverrides, buildClientAssertion } from '../../src/assertion/client-assertion.ts';
import type { AuthorizationServer } from '../../src/authorization-server.ts';
import type { ClientCertificate } from '../../src/certificate/certificate.ts';
import type { SigningAlgorithm } from '../../src/jws/algorithm.ts';
import { decodeToken } from '../../src/jws/compact.ts';
import { createSigner } from '../../src/jws/signer.ts';
import type { Adapter } from './vector.ts';

interface Input {
  server: AuthorizationServer;
  clientId: string;
  nowMs: number;
  id: string;
  algorithm: SigningAlgorithm;
  key?: JsonWebKey;
  certificate?: Pick<ClientCertificate, 'x5t' | 'x5tS256' | 'x5c'>;
  overrides?: AssertionOverrides;
}

export const clientAssertion: Adapter = async ({ id, algorithm, key, certificate, overrides, ...subject }: Input) => {
  const signer =
    key === undefined
      ? { algorithm, sign: () => new Uint8Array(algorithm.startsWith('ES') ? 64 : 256) }
      : createSigner(createPrivateKey({ key, format: 'jwk' }), algorithm);
  const inForce = { subject: 'CN=daemon', notBeforeMs: 0, notAfterMs: subject.nowMs };
  const assertion = await buildClientAssertion({
    ...subject,
    ...overrides,
    uniqueId: () => id,
    signer,
    certificate: certificate && ({ ...certificate, ...inForce } as ClientCertificate),
  });
  return { ...decodeToken(assertion), ...(key !== undefined && { assertion }) };
};
