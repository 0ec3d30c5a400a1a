import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { compactVerify, importX509, jwtVerify } from 'jose';
import { expect, test, vi } from 'vitest';
import { fixture, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { type AssertionOverrides, buildClientAssertion } from '../src/assertion/client-assertion.ts';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { readCertificate, readPublicCertificate } from '../src/certificate/certificate.ts';
import { privateKeyJwt } from '../src/client-authentication/private-key-jwt.ts';
import { readMetadata } from '../src/discovery/metadata.ts';
import { requireDpopProof } from '../src/dpop/given-proof.ts';
import { buildDpopProof } from '../src/dpop/proof.ts';
import { entraServer } from '../src/entra/authority.ts';
import type { SigningAlgorithm } from '../src/jws/algorithm.ts';
import { decodeToken } from '../src/jws/compact.ts';
import { createSigner } from '../src/jws/signer.ts';
import { buildTokenRequest } from '../src/token-request/token-request.ts';
import { readTokenResponse } from '../src/token-response/token-response.ts';
import { thrown } from './thrown.ts';

const nowMs = VALID_AT_MS + 999;
const now = VALID_AT_MS / 1000;
const clientId = '6731de76-14a6-49ae-97bc-6eba6914391e';
const entra = entraServer({ tenant: 'contoso.onmicrosoft.com' });
const rfc: AuthorizationServer = { profile: 'rfc', issuer: 'https://as.example/', tokenEndpoint: 'https://other.example/token' };
const rsa = readCertificate({ pem: pair('rsa'), nowMs });
const der = new X509Certificate(fixture('rsa.crt.pem'));
const thumbprint = (hex: string) => Buffer.from(hex.replaceAll(':', ''), 'hex').toString('base64url');
const x509 = { sha1: thumbprint(der.fingerprint), sha256: thumbprint(der.fingerprint256) };
const uniqueId = () => '0d1f6d5e-0000-4000-8000-000000000001';

const build = (server: AuthorizationServer, overrides: AssertionOverrides = {}): Promise<string> =>
  buildClientAssertion({ server, clientId, certificate: rsa, nowMs, uniqueId, ...overrides });

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

test('ENT-17: nothing falls back to RS256 by itself: what the signer throws for PS256 comes out', async () => {
  const sign = vi.fn(() => {
    throw new Error('PSS is not supported by this provider');
  });
  const signer = { algorithm: 'PS256', sign } as const;
  await expect(buildClientAssertion({ server: entra, clientId, signer, certificate: rsa, nowMs })).rejects.toThrow('PSS is not supported');
  expect(sign).toHaveBeenCalledOnce();
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

test('ENT-23: the audience is the host that the request goes to, whatever alias the authority was given as', async () => {
  const server = entraServer({ tenant: 'contoso.com', authorityHost: 'sts.windows.net' });
  const { url, body } = await buildTokenRequest({
    server,
    clientId,
    authentication: privateKeyJwt({ certificate: rsa }),
    nowMs,
    scope: 'api://a/.default',
  });
  expect(url).toBe('https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token');
  expect(decodeToken(new URLSearchParams(body).get('client_assertion') ?? '').claims['aud']).toBe(url);
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

test('JA-08, JA-10: a clock skew back-dates nbf and iat, and leaves exp', async () => {
  expect(decodeToken(await build(entra, { clockSkewSeconds: 10 })).claims).toMatchObject({ nbf: now - 10, iat: now - 10, exp: now + 300 });
});

test('JA-09: two assertions have two ids', async () => {
  const ids = await Promise.all(
    [1, 2].map(async () => decodeToken(await buildClientAssertion({ server: entra, clientId, certificate: rsa, nowMs })).claims['jti']),
  );
  expect(new Set(ids).size).toBe(2);
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
  ['invalid_parameter', 'from 0 to 300', { clockSkewSeconds: 301 }],
  ['invalid_parameter', 'lifetimeSeconds is "60"', { lifetimeSeconds: '60' }],
  ['invalid_parameter', 'audience is an array', { audience: ['https://a.example', 'https://b.example'] }],
  ['invalid_parameter', 'audience is ""', { audience: '' }],
  ['invalid_parameter', 'type is ""', { type: '' }],
  ['invalid_parameter', 'keyId is ""', { keyId: '' }],
  ['invalid_parameter', 'keyId is 7', { keyId: 7 }],
] as const)('JO-13, JA-05, JA-08: %s, "%s", is thrown with %j', async (code, words, overrides) => {
  await expect(build(entra, overrides as AssertionOverrides)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
});

test.each([{ lifetimeSeconds: 30 }, { lifetimeSeconds: 600 }, { clockSkewSeconds: 300 }, { clockSkewSeconds: 0 }])(
  'JA-08: %j is within the bounds',
  async (overrides) => {
    const { exp, iat } = decodeToken(await build(rfc, overrides)).claims;
    expect({ exp, iat }).toEqual({ exp: now + (overrides.lifetimeSeconds ?? 60), iat: now - (overrides.clockSkewSeconds ?? 0) });
  },
);

test.each(['aud', 'exp', 'iss', 'sub', 'jti', 'nbf', 'iat'])('JO-13: no extra claim replaces %s', async (name) => {
  await expect(build(rfc, { claims: { [name]: 1 } })).rejects.toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringContaining(name),
  });
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

test.each([
  ['a text', 'ab', 'The extra claims are "ab"; give a plain object'],
  ['an array', ['a'], 'The extra claims are an array; give a plain object'],
  ['a map, of which nothing would be sent', new Map([['a', 1]]), 'The extra claims are an object; give a plain object'],
  [
    'a toJSON that would replace them all',
    { toJSON: () => ({ sub: 'another' }) },
    'The extra claim "toJSON" is a function; give its value',
  ],
  ['another function among them', { a: () => 1 }, 'The extra claim "a" is a function; give its value'],
  ['a bigint among them', { size: 1n }, 'A claim is nothing that JSON can hold, such as a bigint or an object within itself'],
])('JO-13: extra claims are an object that JSON can hold, not %s', async (_, claims, message) => {
  await expect(build(rfc, { claims: claims as unknown as Record<string, unknown> })).rejects.toMatchObject({
    code: 'invalid_parameter',
    message,
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

test('JO-13: a claim is looked at once: what it is the next time does not matter', async () => {
  const reads = [1, () => ({ sub: 'another' })];
  const claims = Object.defineProperty({}, 'toJSON', { enumerable: true, get: () => reads.shift() });
  expect(decodeToken(await build(rfc, { claims })).claims).toMatchObject({ toJSON: 1, sub: clientId });
});

test('JO-13: a toJSON that is no function, and a claim without a prototype, are claims like others', async () => {
  const claims = Object.assign(Object.create(null), { toJSON: 'x' });
  expect(decodeToken(await build(rfc, { claims })).claims).toMatchObject({ toJSON: 'x', sub: clientId });
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

test.each(['', 'a\nb', 'é'])('a client id of %j is refused', async (wrong) => {
  await expect(buildClientAssertion({ server: entra, clientId: wrong, certificate: rsa, nowMs })).rejects.toMatchObject({
    code: 'invalid_parameter',
  });
});

test.each(['none', 'HS256', 'toString'])('JA-11: a signer that calls itself %s is refused', async (algorithm) => {
  const signer = { algorithm: algorithm as SigningAlgorithm, sign: () => new Uint8Array(64) };
  await expect(buildClientAssertion({ server: rfc, clientId, signer, keyId: 'k', nowMs })).rejects.toMatchObject({
    code: 'unsupported_algorithm',
  });
});

test.each([
  ['no time', { nowMs: undefined }],
  ['a time that is no number', { nowMs: Number.NaN }],
  ['a time that is a text', { nowMs: '0' }],
  ['a time that no date can hold', { nowMs: 8.64e15 + 1 }],
  ['an endless time', { nowMs: Number.POSITIVE_INFINITY }],
  ['an empty id', { uniqueId: () => '' }],
  ['an id in place of what makes one', { uniqueId: 'id' }],
  ['a server of no known profile', { server: { ...rfc, profile: 'Entra' } }],
  ['an id that is a number', { uniqueId: () => 7 }],
  ['no client', { clientId: undefined }],
])('JA-03, JA-08, JA-09: with %s nothing is signed', async (_, more) => {
  const sign = vi.fn(() => new Uint8Array(256));
  const options = { server: rfc, clientId, signer: { algorithm: 'PS256', sign }, keyId: 'k', nowMs, ...more } as unknown;
  await expect(buildClientAssertion(options as Parameters<typeof buildClientAssertion>[0])).rejects.toMatchObject({
    code: 'invalid_parameter',
  });
  expect(sign).not.toHaveBeenCalled();
});

test('a thumbprint that is none of the known ones names no key, and is refused', async () => {
  await expect(build(entra, { thumbprint: 'x5t#s256' as 'x5t' })).rejects.toMatchObject({ code: 'invalid_parameter' });
});
