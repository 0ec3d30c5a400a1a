import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import { clientSecretBasic } from '../src/client-authentication/client-secret-basic.ts';
import { clientSecretPost } from '../src/client-authentication/client-secret-post.ts';
import { privateKeyJwt } from '../src/client-authentication/private-key-jwt.ts';
import { decodeToken } from '../src/jws/compact.ts';
import { thrown } from './thrown.ts';

const server: AuthorizationServer = { profile: 'rfc', issuer: 'https://as.example', tokenEndpoint: 'https://as.example/token' };
const contextOf = (clientId: string) => ({ server, clientId, nowMs: VALID_AT_MS, uniqueId: () => 'id' });

test.each([
  ['s6BhdRkqt3', 'gX1fBat3bV', 'Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW'],
  ['s6BhdRkqt3', '7Fjfp0ZBr1KtDRbnfVdmIw', 'Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3'],
  ['a:b c', 'p+q%r/é~.', 'Basic YSUzQWIrYzpwJTJCcSUyNXIlMkYlQzMlQTl+Lg=='],
])('CC-09: id %j and secret %j make %s, and nothing in the body', async (clientId, secret, authorization) => {
  await expect(clientSecretBasic({ secret }).apply(contextOf(clientId))).resolves.toEqual({ headers: { authorization } });
});

test('CC-09: raw joins id and secret as they are', async () => {
  const { headers } = await clientSecretBasic({ secret: 'p+q%r:~', encoding: 'raw' }).apply(contextOf('a b'));
  expect(Buffer.from(headers?.['authorization']?.slice(6) ?? '', 'base64').toString()).toBe('a b:p+q%r:~');
});

test('CC-10: raw cannot carry an id with a colon', async () => {
  await expect(clientSecretBasic({ secret: 's', encoding: 'raw' }).apply(contextOf('a:b'))).rejects.toMatchObject({
    code: 'invalid_credential',
  });
});

test('CC-12: post sends the id and the secret in the body, and no header', async () => {
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
    const error = thrown(() => authentication({ secret: 'marker-secret\n' }));
    expect(error).toMatchObject({ code: 'invalid_credential', message: expect.stringContaining('line break') });
    expect(inspect(error)).not.toContain('marker-secret');
  }
});

test('CC-32: the secret shows in no print of the authentication', () => {
  const certificate = readCertificate({ pem: pair('rsa'), nowMs: VALID_AT_MS });
  for (const value of [clientSecretPost({ secret: 'marker' }), clientSecretBasic({ secret: 'marker' }), privateKeyJwt({ certificate })]) {
    expect(inspect(value, { depth: 9, showHidden: true }) + JSON.stringify(value)).not.toMatch(/marker|PRIVATE/);
  }
});
