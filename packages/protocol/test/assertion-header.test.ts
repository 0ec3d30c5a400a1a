import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { fixture, pair } from '../../../test/support/certificates.ts';
import { type AssertionOverrides, buildClientAssertion } from '../src/assertion/client-assertion.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import { decodeToken } from '../src/jws/compact.ts';
import { build, clientId, entra, now, nowMs, rfc, rsa, x509 } from './sample-assertion.ts';

test('ENT-15, ENT-16, JO-14, JO-15, JO-16: the Entra profile is PS256, JWT, x5t#S256, aud the token endpoint, 300 s', async () => {
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

test('JA-04, JA-05, JA-06, JA-12: the profile of RFC 10070 names the configured issuer, to the slash, whatever the token endpoint', async () => {
  const { header, claims } = decodeToken(await build(rfc));
  expect(header).toEqual({ alg: 'PS256', typ: 'client-authentication+jwt', 'x5t#S256': rsa.x5tS256 });
  expect(claims).toMatchObject({ aud: 'https://as.example/', exp: now + 60 });
});

test('ENT-17, JO-10: RS256 at Entra switches header and thumbprint together', async () => {
  expect(decodeToken(await build(entra, { algorithm: 'RS256' })).header).toEqual({ alg: 'RS256', typ: 'JWT', x5t: x509.sha1 });
});

test('ENT-17: RS384 and RS512 go with x5t#S256, and so does RS256 anywhere but at Entra', async () => {
  for (const [server, algorithm] of [
    [entra, 'RS384'],
    [entra, 'RS512'],
    [rfc, 'RS256'],
  ] as const) {
    expect(decodeToken(await build(server, { algorithm })).header).toMatchObject({ alg: algorithm, 'x5t#S256': x509.sha256 });
  }
});

test('ENT-19, JO-09, JO-11: the chain is sent on request, as an array of padded base64, leaf first', async () => {
  const certificate = readCertificate({ pem: pair('leaf') + fixture('intermediate.crt.pem') + fixture('root.crt.pem'), nowMs });
  const { header } = decodeToken(await buildClientAssertion({ server: entra, clientId, certificate, nowMs, sendChain: true }));
  const chain = header['x5c'] as string[];
  expect(chain.map((der) => new X509Certificate(Buffer.from(der, 'base64')).toString())).toEqual(
    ['leaf', 'intermediate', 'root'].map((name) => new X509Certificate(fixture(`${name}.crt.pem`)).toString()),
  );
  expect(chain.every((der) => Buffer.from(der, 'base64').toString('base64') === der)).toBe(true);
  expect(decodeToken(await build(entra, { sendChain: false })).header).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': x509.sha256 });
});

test('JO-08, JO-16: a key id takes the place of the thumbprint, and keeps its case', async () => {
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

test('CE-04, JO-09, JO-11: a certificate that is told by hand has dates, and what the header names', async () => {
  const signer = { algorithm: 'PS256', sign: () => new Uint8Array(256) } as const;
  const assertion = (change: object, overrides: AssertionOverrides = {}) =>
    buildClientAssertion({ server: rfc, clientId, signer, certificate: { ...rsa, ...change }, nowMs, ...overrides });
  await expect(assertion({})).resolves.toBeDefined();
  await expect(assertion({ notAfterMs: undefined })).rejects.toMatchObject({ code: 'invalid_certificate' });
  await expect(assertion({ notAfterMs: nowMs - 1 })).rejects.toMatchObject({ code: 'certificate_expired' });
  const refusal = (message: string) => ({ code: 'invalid_parameter', message });
  await expect(assertion({ x5tS256: undefined })).rejects.toMatchObject(
    refusal("The certificate's x5t#S256 is undefined; it must be one text"),
  );
  await expect(assertion({ x5t: '' }, { thumbprint: 'x5t' })).rejects.toMatchObject(
    refusal('The certificate\'s x5t is ""; it must be one text'),
  );
  await expect(assertion({ x5c: [] }, { sendChain: true })).rejects.toMatchObject(
    refusal("The certificate's x5c is an array; it must be a list of texts"),
  );
  await expect(assertion({ x5c: 'MIIB' }, { sendChain: true })).rejects.toMatchObject(
    refusal('The certificate\'s x5c is "MIIB"; it must be a list of texts'),
  );
  await expect(assertion({ x5c: [...rsa.x5c, 5] }, { sendChain: true })).rejects.toMatchObject(
    refusal("A part of the certificate's x5c is 5; it must be one text"),
  );
});

test('JO-08: null beside a signer is no certificate, and the key id is enough', async () => {
  const signer = { algorithm: 'PS256', sign: () => new Uint8Array(256) } as const;
  const options = { server: rfc, clientId, signer, certificate: null as unknown as undefined, nowMs };
  expect(decodeToken(await buildClientAssertion({ ...options, keyId: 'k' })).header).toMatchObject({ kid: 'k' });
  await expect(buildClientAssertion(options)).rejects.toMatchObject({ message: expect.stringContaining('wants a certificate') });
});

test('a thumbprint that is none of the known ones names no key, and is refused', async () => {
  await expect(build(entra, { thumbprint: 'x5t#s256' as 'x5t' })).rejects.toMatchObject({ code: 'invalid_parameter' });
});
