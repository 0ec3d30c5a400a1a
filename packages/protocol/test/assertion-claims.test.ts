import { expect, test, vi } from 'vitest';
import { type AssertionOverrides, buildClientAssertion } from '../src/assertion/client-assertion.ts';
import { privateKeyJwt } from '../src/client-authentication/private-key-jwt.ts';
import { entraServer } from '../src/entra/authority.ts';
import { decodeToken } from '../src/jws/compact.ts';
import { buildTokenRequest } from '../src/token-request/token-request.ts';
import { build, clientId, entra, now, nowMs, rfc, rsa } from './sample-assertion.ts';

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

test('JA-08, JA-10: a clock skew back-dates nbf and iat, and leaves exp', async () => {
  expect(decodeToken(await build(entra, { clockSkewSeconds: 10 })).claims).toMatchObject({ nbf: now - 10, iat: now - 10, exp: now + 300 });
});

test('JA-09: two assertions have two ids', async () => {
  const ids = await Promise.all(
    [1, 2].map(async () => decodeToken(await buildClientAssertion({ server: entra, clientId, certificate: rsa, nowMs })).claims['jti']),
  );
  expect(new Set(ids).size).toBe(2);
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

test('JO-13: a claim is looked at once: what it is the next time does not matter', async () => {
  const reads = [1, () => ({ sub: 'another' })];
  const claims = Object.defineProperty({}, 'toJSON', { enumerable: true, get: () => reads.shift() });
  expect(decodeToken(await build(rfc, { claims })).claims).toMatchObject({ toJSON: 1, sub: clientId });
});

test('JO-13: a toJSON that is no function, and a claim without a prototype, are claims like others', async () => {
  const claims = Object.assign(Object.create(null), { toJSON: 'x' });
  expect(decodeToken(await build(rfc, { claims })).claims).toMatchObject({ toJSON: 'x', sub: clientId });
});

test.each(['', 'a\nb', 'é'])('a client id of %j is refused', async (wrong) => {
  await expect(buildClientAssertion({ server: entra, clientId: wrong, certificate: rsa, nowMs })).rejects.toMatchObject({
    code: 'invalid_parameter',
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
