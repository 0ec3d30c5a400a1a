import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { fixture, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { readPublicCertificate } from '../src/certificate/certificate.ts';
import { explainToken } from '../src/entra/token-facts.ts';

const sign = (claims: Record<string, unknown>): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));

test('ENT-56: an app-only token that jose signed, its roles and how its application authenticated', async () => {
  const jwt = await sign({ idtyp: 'app', roles: ['User.Read.All'], azp: 'me', azpacr: '2', exp: 1_795_435_200.5 });
  expect(explainToken(jwt)).toEqual({
    kind: 'app',
    roles: ['User.Read.All'],
    clientId: 'me',
    clientAuthentication: 'certificate',
    expiresAtMs: 1_795_435_200_500,
  });
});

test.each([
  [{ azpacr: '0' }, 'public'],
  [{ azpacr: '1' }, 'secret'],
  [{ azpacr: '2' }, 'certificate'],
  [{ appidacr: '0' }, 'public'],
  [{ appidacr: '1' }, 'secret'],
  [{ appidacr: '2' }, 'certificate'],
  [{ azpacr: '3' }, undefined],
  [{ azpacr: 1 }, undefined],
  [{}, undefined],
])('ENT-56: %j says that the application authenticated as %s', async (claims, clientAuthentication) => {
  expect(explainToken(await sign(claims)).clientAuthentication).toBe(clientAuthentication);
});

test('ENT-57: both versions of a token are explained by what they hold, not by their version', async () => {
  const [one, two] = await Promise.all([
    sign({ ver: '1.0', appid: 'me', iss: 'https://sts.windows.net/t/', aud: 'https://graph.microsoft.com' }),
    sign({ ver: '2.0', azp: 'me', iss: 'https://login.microsoftonline.com/t/v2.0', aud: 'guid' }),
  ]);
  expect(explainToken(one)).toEqual({
    version: '1.0',
    clientId: 'me',
    issuer: 'https://sts.windows.net/t/',
    audiences: ['https://graph.microsoft.com'],
  });
  expect(explainToken(two)).toEqual({
    version: '2.0',
    clientId: 'me',
    issuer: 'https://login.microsoftonline.com/t/v2.0',
    audiences: ['guid'],
  });
});

test('SEC-06: a subject that equals the client id makes no user an application, nor the reverse', async () => {
  const same = { sub: 'same', azp: 'same' };
  expect(explainToken(await sign({ ...same, idtyp: 'app' })).kind).toBe('app');
  expect(explainToken(await sign({ ...same, idtyp: 'user' })).kind).toBe('user');
  expect(explainToken(await sign(same))).not.toHaveProperty('kind');
});

test('MT-04: a token says to which certificate it is bound, by the thumbprint that the certificate is known by here', async () => {
  const pem = fixture('p256.crt.pem');
  const digest = new X509Certificate(pem).fingerprint256.replaceAll(':', '');
  const jwt = await sign({ cnf: { 'x5t#S256': Buffer.from(digest, 'hex').toString('base64url') } });
  expect(explainToken(jwt).confirmation).toEqual({ 'x5t#S256': readPublicCertificate({ pem, nowMs: VALID_AT_MS }).x5tS256 });
});

test.each([8.64e12 + 1, -8.64e12 - 1, '1795435200', null])('ENT-56: the expiry %j is none', async (exp) => {
  expect(explainToken(await sign({ exp }))).toEqual({});
});

test.each([8.64e12, -8.64e12])('ENT-56: the expiry %d is as far as a date reaches', async (exp) => {
  expect(new Date(explainToken(await sign({ exp })).expiresAtMs ?? Number.NaN).getTime()).toBe(exp * 1000);
});

test.each([[['a', 1]], [['a', '']], ['a'], [{ 0: 'a' }]])('ENT-56: the roles %j are none', async (roles) => {
  expect(explainToken(await sign({ roles }))).toEqual({});
});

test.each([null, [], 'key', 1])('ENT-56: the confirmation %j names no key', async (cnf) => {
  expect(explainToken(await sign({ cnf }))).toEqual({});
});

test('ENT-56: a token may have no role at all', async () => {
  expect(explainToken(await sign({ roles: [] }))).toEqual({ roles: [] });
});

test.each(['', 'a.b', 'a.b.c.d', 'no token'])('%j is no token', (text) => {
  expect(() => explainToken(text)).toThrowError(expect.objectContaining({ code: 'invalid_parameter' }));
});

test('ENT-57: no claims make it throw', async () => {
  const names = [
    'idtyp',
    'roles',
    'scp',
    'tid',
    'azp',
    'appid',
    'sub',
    'ver',
    'aud',
    'iss',
    'exp',
    'azpacr',
    'appidacr',
    'cnf',
    '__proto__',
  ];
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), async (claims) => {
      const facts = explainToken(`${btoa('{}').replaceAll('=', '')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`);
      expect(Object.values(facts)).not.toContain(undefined);
    }),
  );
});
