import { inspect } from 'node:util';
import { compactVerify } from 'jose';
import { expect, test } from 'vitest';
import type { AssertionOverrides } from '../src/assertion/client-assertion.ts';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { clientSecretJwt } from '../src/client-authentication/client-secret-jwt.ts';
import { entraServer } from '../src/entra/authority.ts';
import { decodeToken } from '../src/jws/compact.ts';
import { thrown } from './thrown.ts';

const secret = 'marker: a secret of thirty-two …';
const rfc: AuthorizationServer = { profile: 'rfc', issuer: 'https://as.example/', tokenEndpoint: 'https://as.example/token' };
const contextOf = (server: AuthorizationServer) => ({ server, clientId: 'me', nowMs: 1_000_000_999, uniqueId: () => 'id-1' });

test('JA-01, JA-02, JA-04, JA-12, JA-16: HS256 with the octets of the secret, in the profile of RFC 10070', async () => {
  const { fields = {}, headers } = await clientSecretJwt({ secret }).apply(contextOf(rfc));
  expect(headers).toBeUndefined();
  expect(Object.keys(fields)).toEqual(['client_id', 'client_assertion_type', 'client_assertion']);
  expect(fields).toMatchObject({ client_id: 'me', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' });
  const assertion = fields['client_assertion'] ?? '';
  await compactVerify(assertion, new TextEncoder().encode(secret), { algorithms: ['HS256'] });
  expect(decodeToken(assertion)).toEqual({
    header: { alg: 'HS256', typ: 'client-authentication+jwt' },
    claims: { aud: 'https://as.example/', exp: 1_000_060, iss: 'me', sub: 'me', jti: 'id-1', nbf: 1_000_000, iat: 1_000_000 },
  });
});

test('JA-16: the rules of audience and type are those of a signed assertion, and can be overridden as there', async () => {
  const { fields: atEntra } = await clientSecretJwt({ secret }).apply(contextOf(entraServer({ tenant: 'contoso.com' })));
  expect(decodeToken(atEntra?.['client_assertion'] ?? '')).toMatchObject({
    header: { alg: 'HS256', typ: 'JWT' },
    claims: { aud: 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token', exp: 1_000_300 },
  });
  const overrides = { audience: 'aud', type: 'JWT', keyId: 'k', lifetimeSeconds: 30, clockSkewSeconds: 5, claims: { x: 1 } };
  const { fields } = await clientSecretJwt({ secret, ...overrides }).apply(contextOf(rfc));
  expect(decodeToken(fields?.['client_assertion'] ?? '')).toEqual({
    header: { alg: 'HS256', typ: 'JWT', kid: 'k' },
    claims: { aud: 'aud', exp: 1_000_030, iss: 'me', sub: 'me', jti: 'id-1', nbf: 999_995, iat: 999_995, x: 1 },
  });
});

test('JA-16: a secret is measured in octets, and 31 are too few', () => {
  expect(thrown(() => clientSecretJwt({ secret: 'x'.repeat(31) }))).toMatchObject({
    code: 'weak_key',
    message: expect.stringContaining('31 octets'),
  });
  expect(clientSecretJwt({ secret: 'x'.repeat(32) }).method).toBe('client_secret_jwt');
  expect(clientSecretJwt({ secret: 'ü'.repeat(16) }).method).toBe('client_secret_jwt');
});

test('JA-16: what a secret has anyway may be said', async () => {
  const overrides = { algorithm: 'HS256' as 'RS256', thumbprint: 'none', sendChain: false } as const;
  const { fields } = await clientSecretJwt({ secret, ...overrides }).apply(contextOf(rfc));
  expect(decodeToken(fields?.['client_assertion'] ?? '').header).toEqual({ alg: 'HS256', typ: 'client-authentication+jwt' });
});

test.each([
  ['algorithm', { algorithm: 'RS256' }],
  ['thumbprint', { thumbprint: 'x5t' }],
  ['sendChain', { sendChain: true }],
])('JA-16, JA-11: a secret has no %s', (name, overrides) => {
  expect(thrown(() => clientSecretJwt({ secret, ...(overrides as AssertionOverrides) }))).toMatchObject({
    code: 'invalid_parameter',
    message: `client_secret_jwt has no ${name}; leave it out, or use privateKeyJwt`,
  });
});

test('CC-01, JA-08, JA-16: what cannot work is known before a server is asked for anything', () => {
  expect(thrown(() => clientSecretJwt({ secret: '' }))).toMatchObject({ code: 'invalid_credential' });
  expect(thrown(() => clientSecretJwt({ secret: `${secret}\n` }))).toMatchObject({ code: 'invalid_credential' });
  expect(thrown(() => clientSecretJwt({ secret, lifetimeSeconds: 601 }))).toMatchObject({ code: 'invalid_parameter' });
});

test('DI-07: a server that lists HS256 gets it, and one that lists others does not', async () => {
  const listing = (...clientAssertionAlgorithms: string[]) =>
    clientSecretJwt({ secret }).apply(contextOf({ ...rfc, clientAssertionAlgorithms }));
  await expect(listing('RS256', 'HS256')).resolves.toBeDefined();
  await expect(listing('RS256', 'HS512')).rejects.toMatchObject({
    code: 'unsupported_algorithm',
    message: expect.stringContaining('"HS256"'),
  });
});

test('CC-32, JA-16: the secret shows in no print of the authentication or of its errors', async () => {
  const authentication = clientSecretJwt({ secret });
  const errors = [thrown(() => clientSecretJwt({ secret: 'marker' })), thrown(() => clientSecretJwt({ secret: `${secret}\r` }))];
  expect(inspect([authentication, errors], { depth: 9, showHidden: true }) + JSON.stringify([authentication, errors])).not.toContain(
    'marker',
  );
});
