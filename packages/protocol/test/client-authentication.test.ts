import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import { clientAssertion } from '../src/client-authentication/client-assertion.ts';
import { clientSecretBasic } from '../src/client-authentication/client-secret-basic.ts';
import { clientSecretPost } from '../src/client-authentication/client-secret-post.ts';
import { privateKeyJwt } from '../src/client-authentication/private-key-jwt.ts';
import { selfSignedTlsClientAuth } from '../src/client-authentication/self-signed-tls-client-auth.ts';
import { tlsClientAuth } from '../src/client-authentication/tls-client-auth.ts';
import { decodeToken } from '../src/jws/compact.ts';
import { buildTokenRequest } from '../src/token-request/token-request.ts';
import { thrown } from './thrown.ts';

const server: AuthorizationServer = { profile: 'rfc', issuer: 'https://as.example', tokenEndpoint: 'https://as.example/token' };
const contextOf = (clientId: string) => ({ server, clientId, nowMs: VALID_AT_MS, uniqueId: () => 'id' });

test('CC-09: raw joins id and secret as they are', async () => {
  const { headers } = await clientSecretBasic({ secret: 'p+q%r:~', encoding: 'raw' }).apply(contextOf('a b'));
  expect(Buffer.from(headers?.['authorization']?.slice(6) ?? '', 'base64').toString()).toBe('a b:p+q%r:~');
});

test('CC-10: raw cannot carry an id with a colon', async () => {
  await expect(clientSecretBasic({ secret: 's', encoding: 'raw' }).apply(contextOf('a:b'))).rejects.toMatchObject({
    code: 'invalid_credential',
  });
});

test('CC-09: any id and secret come back out of the header, as RFC 6749 §2.3.1 has a server read it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme', minLength: 1 }), async (clientId, secret) => {
      fc.pre(!/\p{Cc}/u.test(secret));
      const { headers } = await clientSecretBasic({ secret }).apply(contextOf(clientId));
      const halves = Buffer.from(headers?.['authorization']?.slice('Basic '.length) ?? '', 'base64')
        .toString()
        .split(':');
      expect(halves.map((half) => new URLSearchParams(`_=${half}`).get('_'))).toEqual([clientId, secret]);
    }),
  );
});

test('CC-09: another encoding than these two is refused', () => {
  expect(thrown(() => clientSecretBasic({ secret: 's', encoding: 'base64' as 'raw' }))).toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringContaining('"base64"'),
  });
});

test('CC-11, CC-12: post sends the id and the secret in the body, and no header', async () => {
  await expect(clientSecretPost({ secret: 'p+q%' }).apply(contextOf('me'))).resolves.toEqual({
    fields: { client_id: 'me', client_secret: 'p+q%' },
  });
});

test('JA-01, JA-02: an assertion goes with its type and the id of the client it names', async () => {
  const certificate = readCertificate({ pem: pair('rsa'), nowMs: VALID_AT_MS });
  const { fields = {}, headers } = await privateKeyJwt({ certificate }).apply(contextOf('me'));
  expect(Object.keys(fields)).toEqual(['client_id', 'client_assertion_type', 'client_assertion']);
  expect(fields).toMatchObject({ client_id: 'me', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' });
  expect(decodeToken(fields['client_assertion'] ?? '').claims).toMatchObject({ iss: 'me', sub: 'me', jti: 'id' });
  expect(headers).toBeUndefined();
});

test('CC-01: an empty secret, and one with the line break of its file, are refused without being shown', () => {
  for (const authentication of [clientSecretPost, clientSecretBasic]) {
    expect(thrown(() => authentication({ secret: '' }))).toMatchObject({ code: 'invalid_credential' });
    expect(thrown(() => authentication({ secret: undefined as unknown as string }))).toMatchObject({ code: 'invalid_credential' });
    const errors = ['marker-secret\n', 'marker-secret\ud800'].map((secret) => thrown(() => authentication({ secret })));
    expect(errors[0]).toMatchObject({ code: 'invalid_credential', message: expect.stringContaining('line break') });
    expect(errors[1]).toMatchObject({ code: 'invalid_credential', message: expect.stringContaining('surrogate') });
    expect(inspect(errors)).not.toContain('marker-secret');
  }
});

test('CC-08, JA-13: of the assertion types only that of a JWT is ever sent', async () => {
  const certificate = readCertificate({ pem: pair('rsa'), nowMs: VALID_AT_MS });
  for (const authentication of [privateKeyJwt({ certificate }), clientAssertion({ assertion: madeElsewhere({}) })]) {
    const { fields } = await authentication.apply(contextOf('me'));
    expect(fields?.['client_assertion_type']).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  }
});

test('JA-09: every attempt has an assertion of its own', async () => {
  const authentication = privateKeyJwt({ certificate: readCertificate({ pem: pair('p256'), nowMs: VALID_AT_MS }) });
  const attempt = async (id: string) => {
    const { fields } = await authentication.apply({ ...contextOf('me'), uniqueId: () => id });
    return decodeToken(fields?.['client_assertion'] ?? '').claims['jti'];
  };
  expect([await attempt('one'), await attempt('two')]).toEqual(['one', 'two']);
});

test('JO-03, JA-08: a key and times that cannot work are refused before a server is asked for anything', () => {
  const certificate = readCertificate({ pem: pair('rsa'), nowMs: VALID_AT_MS });
  expect(thrown(() => privateKeyJwt({ certificate, algorithm: 'ES256' }))).toMatchObject({ code: 'unsupported_algorithm' });
  expect(thrown(() => privateKeyJwt({ certificate, lifetimeSeconds: 1 }))).toMatchObject({ code: 'invalid_parameter' });
  expect(thrown(() => privateKeyJwt({} as { certificate: typeof certificate }))).toMatchObject({ code: 'invalid_credential' });
});

test('JA-17, WIF-01: an assertion made elsewhere is sent byte for byte', async () => {
  const assertion = madeElsewhere({ exp: VALID_AT_MS / 1000 + 1, sub: 'workload' });
  const authentication = clientAssertion({ assertion });
  expect(authentication.method).toBe('private_key_jwt');
  await expect(authentication.apply(contextOf('me'))).resolves.toEqual({
    fields: {
      client_id: 'me',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    },
  });
});

test('JA-18: an assertion that has expired is not sent, and the message says since when', async () => {
  const at = (exp: unknown) => clientAssertion({ assertion: madeElsewhere({ exp }) }).apply(contextOf('me'));
  await expect(at(VALID_AT_MS / 1000 + 1)).resolves.toBeDefined();
  await expect(at(VALID_AT_MS / 1000)).rejects.toMatchObject({
    code: 'invalid_credential',
    message: 'The client assertion expired at 2026-12-01T00:00:00.000Z; get a new one for every request, and check this clock if it is new',
  });
  await expect(at(-1e300)).rejects.toMatchObject({ message: expect.stringContaining('1970-01-01') });
  const assertion = madeElsewhere({ exp: 1 });
  await expect(clientAssertion({ assertion }).apply({ ...contextOf('me'), nowMs: Number.NaN })).rejects.toMatchObject({
    code: 'invalid_parameter',
  });
});

test.each([undefined, null, '1', true, 1e300])('JA-18: what exp of %j means is for the server to say', async (exp) => {
  await expect(clientAssertion({ assertion: madeElsewhere({ exp }) }).apply(contextOf('me'))).resolves.toBeDefined();
});

test('WIF-02: a line break behind an assertion is the mistake of who read its file', () => {
  for (const around of ['\n', '\r\n', ' ']) {
    expect(thrown(() => clientAssertion({ assertion: madeElsewhere({}) + around }))).toMatchObject({
      code: 'invalid_credential',
      message: 'The client assertion holds white space, perhaps the line break of its file; trim it',
    });
  }
});

test.each([
  ['nothing', undefined],
  ['an empty text', ''],
  ['two parts', 'e30.e30'],
  ['an encrypted JWT', 'e30.AA.AA.AA.AA'],
  ['a JWT without a signature', `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30.`],
  ['the algorithm none', `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.AA`],
  ['what is no base64url', 'e30.e30.A'],
  ['claims that are no object', 'e30.W10.AA'],
  ['a path', '/var/run/secrets/azure/tokens/azure-identity-token'],
])('JA-11, JA-18: %s is no signed JWT', (_, assertion) => {
  expect(thrown(() => clientAssertion({ assertion: assertion as string }))).toMatchObject({
    code: 'invalid_credential',
    message: expect.stringContaining('no signed JWT'),
  });
});

test('JA-18: an assertion made elsewhere shows in no print and no error', async () => {
  const assertion = madeElsewhere({ exp: 1, marker: true });
  const authentication = clientAssertion({ assertion });
  const errors = [
    await authentication.apply(contextOf('me')).catch((error: unknown) => error),
    thrown(() => clientAssertion({ assertion: `${assertion}\n` })),
    thrown(() => clientAssertion({ assertion: `${assertion}.` })),
  ];
  const [, payload = ''] = assertion.split('.');
  const printed = inspect([authentication, errors], { depth: 9, showHidden: true }) + JSON.stringify([authentication, errors]);
  expect(printed).toContain('expired');
  expect(printed).not.toContain(payload);
});

test.each([
  ['tls_client_auth', tlsClientAuth],
  ['self_signed_tls_client_auth', selfSignedTlsClientAuth],
])('MT-01, MT-02: %s sends the client id, and goes where the connection shows the certificate', async (method, create) => {
  const authentication = create();
  expect(authentication).toMatchObject({ method, mutualTls: true });
  await expect(authentication.apply(contextOf('me'))).resolves.toEqual({ fields: { client_id: 'me' } });
  const aliased = { ...server, mtlsTokenEndpoint: 'https://mtls.as.example/token' };
  await expect(buildTokenRequest({ server: aliased, clientId: 'me', authentication, nowMs: 0 })).resolves.toMatchObject({
    url: 'https://mtls.as.example/token',
    body: 'grant_type=client_credentials&client_id=me',
  });
});

/** An assertion of somebody else, with these claims. */
function madeElsewhere(claims: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'RS256', kid: '1' })}.${encode(claims)}.AQID`;
}

test('CC-32: the secret shows in no print of the authentication', () => {
  const certificate = readCertificate({ pem: pair('rsa'), nowMs: VALID_AT_MS });
  for (const value of [clientSecretPost({ secret: 'marker' }), clientSecretBasic({ secret: 'marker' }), privateKeyJwt({ certificate })]) {
    expect(inspect(value, { depth: 9, showHidden: true }) + JSON.stringify(value)).not.toMatch(/marker|PRIVATE/);
  }
});
