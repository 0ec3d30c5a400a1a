import { createPrivateKey, createPublicKey } from 'node:crypto';
import { inspect } from 'node:util';
import { compactVerify, importX509, jwtVerify } from 'jose';
import { expect, test, vi } from 'vitest';
import { fixture, pair } from '../../../test/support/certificates.ts';
import { buildClientAssertion } from '../src/assertion/client-assertion.ts';
import { readCertificate, readPublicCertificate } from '../src/certificate/certificate.ts';
import { privateKeyJwt } from '../src/client-authentication/private-key-jwt.ts';
import { readMetadata } from '../src/discovery/metadata.ts';
import { requireDpopProof } from '../src/dpop/given-proof.ts';
import { buildDpopProof } from '../src/dpop/proof.ts';
import type { SigningAlgorithm } from '../src/jws/algorithm.ts';
import { decodeToken } from '../src/jws/compact.ts';
import { createSigner } from '../src/jws/signer.ts';
import { readTokenResponse } from '../src/token-response/token-response.ts';
import { build, clientId, der, entra, nowMs, rfc, rsa, uniqueId, x509 } from './sample-assertion.ts';
import { thrown } from './thrown.ts';

test('ENT-17: nothing falls back to RS256 by itself: what the signer throws for PS256 comes out', async () => {
  const sign = vi.fn(() => {
    throw new Error('PSS is not supported by this provider');
  });
  const signer = { algorithm: 'PS256', sign } as const;
  await expect(buildClientAssertion({ server: entra, clientId, signer, certificate: rsa, nowMs })).rejects.toThrow('PSS is not supported');
  expect(sign).toHaveBeenCalledOnce();
});

test('JA-07: metadata of another issuer leave nothing to sign for', async () => {
  const sign = vi.fn(() => new Uint8Array(256));
  const signer = { algorithm: 'PS256', sign } as const;
  const body = JSON.stringify({ issuer: 'https://evil.example', token_endpoint: 'https://as.example/token' });
  const response = { status: 200, headers: { 'content-type': 'application/json' }, body };
  const authenticate = async () => {
    const server = readMetadata(response, { issuer: 'https://as.example' });
    return buildClientAssertion({ server, clientId, signer, keyId: 'k', nowMs });
  };
  await expect(authenticate()).rejects.toMatchObject({ code: 'issuer_mismatch' });
  expect(sign).not.toHaveBeenCalled();
});

test.each([
  [400, 'invalid_client'],
  [401, 'invalid_client'],
  [400, 'invalid_grant'],
  [400, 'invalid_request'],
  [400, 'unauthorized_client'],
])('JA-14: %d with %s is a refusal that asking again does not change', (status, error) => {
  const response = { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ error }) };
  expect(thrown(() => readTokenResponse(response, { server: entra, requestedAtMs: nowMs }))).toMatchObject({
    code: 'oauth_error',
    error,
    transient: false,
  });
});

test('a signer that is not ours signs the header and claims built here', async () => {
  const signed: Uint8Array[] = [];
  const signer = {
    algorithm: 'PS256',
    sign: (bytes: Uint8Array) => {
      signed.push(bytes);
      return Uint8Array.of(1, 2, 3);
    },
  } as const;
  const assertion = await buildClientAssertion({ server: entra, clientId, signer, certificate: rsa, nowMs, uniqueId });
  const local = await build(entra);
  expect(assertion).toBe(`${local.slice(0, local.lastIndexOf('.'))}.AQID`);
  expect(Buffer.concat(signed).toString()).toBe(local.slice(0, local.lastIndexOf('.')));
});

test('DI-07: an algorithm that the server does not list is refused before anything is signed', async () => {
  const sign = vi.fn(() => new Uint8Array(256));
  const signer = { algorithm: 'PS256', sign } as const;
  const server = { ...rfc, clientAssertionAlgorithms: ['RS256', 'none'] };
  const refusal = {
    code: 'unsupported_algorithm',
    message: expect.stringContaining('takes client assertions signed with "RS256 none", and "PS256" is not among them'),
  };
  await expect(buildClientAssertion({ server, clientId, signer, keyId: 'k', nowMs })).rejects.toMatchObject(refusal);
  await expect(build(server, { algorithm: 'PS256' })).rejects.toMatchObject(refusal);
  await expect(build({ ...rfc, clientAssertionAlgorithms: ['ES256'] })).rejects.toMatchObject({ code: 'unsupported_algorithm' });
  expect(sign).not.toHaveBeenCalled();
});

test('DI-07: a certificate signs with the first of its algorithms that the server lists', async () => {
  const algorithm = async (clientAssertionAlgorithms: string[]) =>
    decodeToken(await build({ ...rfc, clientAssertionAlgorithms })).header['alg'];
  expect(await algorithm(['none', 'RS256', 'PS512'])).toBe('PS512');
  expect(await algorithm(['RS256'])).toBe('RS256');
  expect(await algorithm(['RS256', 'PS256'])).toBe('PS256');
});

test('DI-07: at Entra the list is not judged, since PS256 is not in it', async () => {
  expect(decodeToken(await build({ ...entra, clientAssertionAlgorithms: ['RS256'] })).header).toMatchObject({ alg: 'PS256' });
});

test('JO-22: Ed25519 goes by that name, and by EdDSA where the server lists no other; jose verifies both', async () => {
  const certificate = readCertificate({ pem: pair('ed25519'), nowMs });
  for (const [names, alg] of [
    [undefined, 'Ed25519'],
    [['EdDSA'], 'EdDSA'],
    [['EdDSA', 'Ed25519'], 'Ed25519'],
  ] as const) {
    const server = { ...rfc, ...(names && { clientAssertionAlgorithms: names }) };
    const assertion = await buildClientAssertion({ server, clientId, certificate, nowMs });
    const { protectedHeader } = await compactVerify(assertion, await importX509(fixture('ed25519.crt.pem'), alg), { algorithms: [alg] });
    expect(protectedHeader.alg).toBe(alg);
  }
});

test('JO-17: a client assertion, a DPoP proof and a plain JWT do not pass for each other', async () => {
  const key = createPrivateKey(fixture('rsa.key.pem'));
  const proof = await buildDpopProof({
    signer: createSigner(key),
    publicKey: key.export({ format: 'jwk' }),
    method: 'POST',
    url: rfc.tokenEndpoint,
    nowMs,
  });
  const asAssertion = { typ: 'client-authentication+jwt', currentDate: new Date(nowMs) };
  await expect(jwtVerify(await build(rfc), createPublicKey(key), asAssertion)).resolves.toBeDefined();
  await expect(jwtVerify(proof, createPublicKey(key), asAssertion)).rejects.toMatchObject({ claim: 'typ' });
  await expect(jwtVerify(await build(entra), createPublicKey(key), asAssertion)).rejects.toMatchObject({ claim: 'typ' });
  expect(thrown(() => requireDpopProof(assertionOf(proof), { method: 'POST', url: rfc.tokenEndpoint }))).toMatchObject({
    code: 'invalid_parameter',
  });
});

/** The same proof under the type of an assertion. */
function assertionOf(proof: string): string {
  const [header = '', ...rest] = proof.split('.');
  const retyped = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), typ: 'client-authentication+jwt' };
  return [Buffer.from(JSON.stringify(retyped)).toString('base64url'), ...rest].join('.');
}

test.each([
  ['nothing', {}],
  ['the PEM text itself', { certificate: pair('rsa') }],
  ['nothing under its name', { certificate: null, signer: undefined }],
])('JO-03: %s is no key to sign with', async (_, key) => {
  const options = { server: entra, clientId, nowMs, ...key } as unknown as Parameters<typeof buildClientAssertion>[0];
  await expect(buildClientAssertion(options)).rejects.toMatchObject({
    code: 'invalid_credential',
    message: expect.stringContaining('no certificate and no signer'),
  });
});

test('a signer refuses another algorithm, and needs something that names its key', async () => {
  const signer = { algorithm: 'ES256', sign: () => new Uint8Array(64) } as const;
  const options = { server: rfc, clientId, signer, nowMs };
  await expect(buildClientAssertion({ ...options, algorithm: 'PS256', keyId: 'k' })).rejects.toMatchObject({
    code: 'unsupported_algorithm',
  });
  await expect(buildClientAssertion(options)).rejects.toMatchObject({
    code: 'invalid_parameter',
    message: 'The x5t#S256 in the header wants a certificate; give one, or a keyId alone',
  });
  await expect(buildClientAssertion({ ...options, keyId: 'k', sendChain: true })).rejects.toMatchObject({
    code: 'invalid_parameter',
    message: 'The chain in the header wants a certificate; give one, or a keyId alone',
  });
  await expect(buildClientAssertion({ ...options, keyId: 'k' })).resolves.toMatch(/^[\w-]+\.[\w-]+\.A{86}$/);
});

test('ENT-15, JO-11: where the key is in a store of its own, the certificate alone goes beside its signer, and jose verifies', async () => {
  const certificate = readPublicCertificate({ pem: fixture('rsa.crt.pem'), nowMs });
  const key = createPrivateKey(fixture('rsa.key.pem'));
  const store = { algorithm: 'PS256', sign: async (bytes: Uint8Array) => createSigner(key, 'PS256').sign(bytes) } as const;
  const assertion = await buildClientAssertion({ server: entra, clientId, signer: store, certificate, nowMs });
  const { protectedHeader } = await jwtVerify(assertion, der.publicKey, { currentDate: new Date(nowMs), audience: entra.tokenEndpoint });
  expect(protectedHeader).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': x509.sha256 });
  await expect(buildClientAssertion({ server: entra, clientId, certificate, nowMs })).rejects.toMatchObject({
    code: 'invalid_credential',
    message: 'The certificate was read without its private key; give a signer beside it, or read it with readCertificate',
  });
});

test('JO-03, CE-06: a signer does not go beside the certificate of another kind of key', async () => {
  const sign = vi.fn(() => new Uint8Array(64));
  const signer = { algorithm: 'ES256', sign } as const;
  const refusal = { code: 'unsupported_algorithm', message: expect.stringContaining('cannot sign with "ES256"; it can sign with PS256') };
  await expect(buildClientAssertion({ server: rfc, clientId, signer, certificate: rsa, nowMs })).rejects.toMatchObject(refusal);
  expect(thrown(() => privateKeyJwt({ signer, certificate: rsa, keyId: 'k' }))).toMatchObject(refusal);
  expect(sign).not.toHaveBeenCalled();
});

test.each([
  ['a PEM text', pair('rsa')],
  ['an empty object', {}],
  ['a number', 5],
  ['a list', []],
  ['false', false],
])('JO-03, CE-04: beside a signer, %s is no certificate', async (_, certificate) => {
  const options = { server: rfc, clientId, signer: { algorithm: 'PS256', sign: () => new Uint8Array(256) }, certificate, nowMs } as unknown;
  await expect(buildClientAssertion(options as Parameters<typeof buildClientAssertion>[0])).rejects.toMatchObject({
    code: 'invalid_certificate',
    message: expect.stringContaining('The certificate beside the signer is none'),
  });
});

test('CC-32: a private key that is given in place of the options shows in no error', async () => {
  const pem = `marker ${fixture('rsa.key.pem')}` as unknown as Parameters<typeof buildClientAssertion>[0];
  const errors = [thrown(() => privateKeyJwt(pem)), await buildClientAssertion(pem).catch((error: unknown) => error)];
  expect(errors).toMatchObject([{ code: 'invalid_credential' }, { code: 'invalid_parameter' }]);
  expect(inspect(errors, { depth: 9, showHidden: true })).not.toMatch(/marker|PRIVATE/);
});

test('CE-04: a certificate that expired since it was read signs nothing', async () => {
  await expect(buildClientAssertion({ server: entra, clientId, certificate: rsa, nowMs: Date.UTC(2120, 0) })).rejects.toMatchObject({
    code: 'certificate_expired',
  });
});

test.each(['none', 'HS256', 'toString'])('JA-11: a signer that calls itself %s is refused', async (algorithm) => {
  const signer = { algorithm: algorithm as SigningAlgorithm, sign: () => new Uint8Array(64) };
  await expect(buildClientAssertion({ server: rfc, clientId, signer, keyId: 'k', nowMs })).rejects.toMatchObject({
    code: 'unsupported_algorithm',
  });
});
