import { createPublicKey, verify } from 'node:crypto';
import { compactVerify, importX509 } from 'jose';
import { expect, test } from 'vitest';
import { fixture, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { type AssertionOverrides, buildClientAssertion } from '../src/assertion/client-assertion.ts';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { certificateSigner, readCertificate } from '../src/certificate/certificate.ts';
import { entraServer } from '../src/entra/authority.ts';
import type { SigningAlgorithm } from '../src/jws/algorithm.ts';
import { decodeToken } from '../src/jws/compact.ts';

const nowMs = VALID_AT_MS + 999;
const now = VALID_AT_MS / 1000;
const clientId = '6731de76-14a6-49ae-97bc-6eba6914391e';
const entra = entraServer({ tenant: 'contoso.onmicrosoft.com' });
const rfc: AuthorizationServer = { profile: 'rfc', issuer: 'https://as.example/', tokenEndpoint: 'https://other.example/token' };
const rsa = readCertificate({ pem: pair('rsa'), nowMs });
const uniqueId = () => '0d1f6d5e-0000-4000-8000-000000000001';

const build = (server: AuthorizationServer, overrides: AssertionOverrides = {}): Promise<string> =>
  buildClientAssertion({ server, clientId, certificate: rsa, nowMs, uniqueId, ...overrides });

test('ENT-15, ENT-16: the Entra profile is PS256, JWT, x5t#S256, aud the token endpoint, 300 s', async () => {
  expect(decodeToken(await build(entra))).toEqual({
    header: { alg: 'PS256', typ: 'JWT', 'x5t#S256': rsa.x5tS256 },
    claims: {
      aud: 'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token',
      exp: now + 300,
      iss: clientId,
      sub: clientId,
      jti: '0d1f6d5e-0000-4000-8000-000000000001',
      nbf: now,
      iat: now,
    },
  });
});

test('JA-04, JA-06, JA-12: the profile of RFC 10070 names the configured issuer, to the slash, whatever the token endpoint', async () => {
  const { header, claims } = decodeToken(await build(rfc));
  expect(header).toEqual({ alg: 'PS256', typ: 'client-authentication+jwt', 'x5t#S256': rsa.x5tS256 });
  expect(claims).toMatchObject({ aud: 'https://as.example/', exp: now + 60 });
});

test('ENT-17: RS256 at Entra goes with x5t, and the chain is an array', async () => {
  expect(decodeToken(await build(entra, { algorithm: 'RS256', sendChain: true })).header).toEqual({
    alg: 'RS256',
    typ: 'JWT',
    x5t: rsa.x5t,
    x5c: rsa.x5c,
  });
});

test('JO-08: a key id takes the place of the thumbprint, and keeps its case', async () => {
  expect(decodeToken(await build(rfc, { keyId: 'Kid1' })).header).toEqual({ alg: 'PS256', typ: 'client-authentication+jwt', kid: 'Kid1' });
});

test('every field of the profile can be overridden on purpose', async () => {
  const overrides = {
    audience: rfc.tokenEndpoint,
    type: 'JWT',
    lifetimeSeconds: 600,
    thumbprint: 'x5t',
    keyId: 'k',
    claims: { xms_az: 1 },
  } as const;
  const { header, claims } = decodeToken(await build(rfc, overrides));
  expect(header).toEqual({ alg: 'PS256', typ: 'JWT', kid: 'k', x5t: rsa.x5t });
  expect(claims).toMatchObject({ aud: rfc.tokenEndpoint, exp: now + 600, xms_az: 1 });
});

test('JA-10: a clock skew back-dates nbf and iat, and leaves exp', async () => {
  expect(decodeToken(await build(entra, { clockSkewSeconds: 10 })).claims).toMatchObject({ nbf: now - 10, iat: now - 10, exp: now + 300 });
});

test('JA-09: two assertions have two ids', async () => {
  const ids = await Promise.all(
    [1, 2].map(async () => decodeToken(await buildClientAssertion({ server: entra, clientId, certificate: rsa, nowMs })).claims['jti']),
  );
  expect(new Set(ids).size).toBe(2);
});

test.each([
  ['rsa', 'PS256'],
  ['rsa', 'PS384'],
  ['rsa', 'PS512'],
  ['rsa', 'RS256'],
  ['rsa', 'RS384'],
  ['rsa', 'RS512'],
  ['p256', 'ES256'],
  ['p384', 'ES384'],
  ['p521', 'ES512'],
  ['ed25519', 'Ed25519'],
] as const)('JO-02, JO-03: an assertion signed with %s in %s verifies in jose', async (name, algorithm: SigningAlgorithm) => {
  const certificate = readCertificate({ pem: pair(name), nowMs });
  const assertion = await buildClientAssertion({ server: rfc, clientId, certificate, algorithm, nowMs });
  const key = await importX509(fixture(`${name}.crt.pem`), algorithm);
  await expect(compactVerify(assertion, key, { algorithms: [algorithm] })).resolves.toMatchObject({ protectedHeader: { alg: algorithm } });
});

test('JO-06: the salt of PS256 is 32 octets long, and no other length verifies', async () => {
  const assertion = await build(entra);
  const [input, signature] = [
    assertion.slice(0, assertion.lastIndexOf('.')),
    Buffer.from(assertion.slice(assertion.lastIndexOf('.') + 1), 'base64url'),
  ];
  const key = createPublicKey(fixture('rsa.crt.pem'));
  const verifies = (saltLength: number): boolean => verify('sha256', Buffer.from(input), { key, padding: 6, saltLength }, signature);
  expect([20, 31, 32, 33, 64].filter(verifies)).toEqual([32]);
});

test('JO-07: five hundred ES256 signatures are 64 octets each', async () => {
  const signer = certificateSigner(readCertificate({ pem: pair('p256'), nowMs }));
  const lengths = await Promise.all(Array.from({ length: 500 }, async (_, index) => (await signer.sign(Buffer.from(`${index}`))).length));
  expect(new Set(lengths)).toEqual(new Set([64]));
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

test.each([
  ['invalid_parameter', '"sub"', { claims: { sub: 'another' } }],
  ['invalid_parameter', '600', { lifetimeSeconds: 601 }],
  ['invalid_parameter', '30', { lifetimeSeconds: 29 }],
  ['invalid_parameter', 'whole number', { lifetimeSeconds: 60.5 }],
  ['invalid_parameter', 'clockSkewSeconds', { clockSkewSeconds: -1 }],
  ['unsupported_algorithm', 'PS256, PS384', { algorithm: 'ES256' }],
] as const)('JO-13, JA-08: %s is thrown with %j', async (code, words, overrides) => {
  await expect(build(entra, overrides)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
});

test('a signer refuses another algorithm, and needs something that names its key', async () => {
  const signer = { algorithm: 'ES256', sign: () => new Uint8Array(64) } as const;
  const options = { server: rfc, clientId, signer, nowMs };
  await expect(buildClientAssertion({ ...options, algorithm: 'PS256', keyId: 'k' })).rejects.toMatchObject({
    code: 'unsupported_algorithm',
  });
  await expect(buildClientAssertion(options)).rejects.toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringContaining('keyId'),
  });
  await expect(buildClientAssertion({ ...options, keyId: 'k' })).resolves.toMatch(/^[\w-]+\.[\w-]+\.A{86}$/);
});

test('CE-04: a certificate that expired since it was read signs nothing', async () => {
  await expect(buildClientAssertion({ server: entra, clientId, certificate: rsa, nowMs: Date.UTC(2120, 0) })).rejects.toMatchObject({
    code: 'certificate_expired',
  });
});

test.each(['', 'a\nb', 'é'])('a client id of %j is refused', async (wrong) => {
  await expect(buildClientAssertion({ server: entra, clientId: wrong, certificate: rsa, nowMs })).rejects.toMatchObject({
    code: 'invalid_parameter',
  });
});

test.each([
  ['ES256', 71, '64 octets'],
  ['ES256', 0, '64 octets'],
  ['PS256', 0, 'a signature'],
] as const)('JO-07: a signer that makes %s of %d octets is refused: it wants %s', async (algorithm, length, words) => {
  const signer = { algorithm, sign: () => new Uint8Array(length) };
  await expect(buildClientAssertion({ server: rfc, clientId, signer, keyId: 'k', nowMs })).rejects.toMatchObject({
    code: 'invalid_credential',
    message: expect.stringContaining(words),
  });
});

test.each(['none', 'HS256', 'toString'])('JA-11: a signer that calls itself %s is refused', async (algorithm) => {
  const signer = { algorithm: algorithm as SigningAlgorithm, sign: () => new Uint8Array(64) };
  await expect(buildClientAssertion({ server: rfc, clientId, signer, keyId: 'k', nowMs })).rejects.toMatchObject({
    code: 'unsupported_algorithm',
  });
});

test('JA-03, JA-08, JA-09: without a time, an id or a client nothing is signed', async () => {
  const options = { server: entra, clientId, certificate: rsa, nowMs };
  const wrong = [{ nowMs: Number.NaN }, { nowMs: undefined }, { uniqueId: () => '' }, { clientId: undefined }];
  for (const more of wrong) {
    await expect(buildClientAssertion({ ...options, ...more } as typeof options)).rejects.toMatchObject({ code: 'invalid_parameter' });
  }
});

test('a thumbprint that is none of the known ones names no key, and is refused', async () => {
  await expect(build(entra, { thumbprint: 'x5t#s256' as 'x5t' })).rejects.toMatchObject({ code: 'invalid_parameter' });
});
