import { createPrivateKey, createPublicKey } from 'node:crypto';
import { inspect } from 'node:util';
import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { fixture } from '../../../test/support/certificates.ts';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { buildJwtBearerRequest } from '../src/extension/jwt-bearer.ts';
import { createSigner, type Signer } from '../src/jws/signer.ts';
import { readTokenResponse } from '../src/token-response/token-response.ts';
import { TokenResponseError } from '../src/token-response/token-response-error.ts';
import { thrown } from './thrown.ts';

const server: AuthorizationServer = {
  profile: 'rfc',
  issuer: 'https://accounts.google.com',
  tokenEndpoint: 'https://oauth2.googleapis.com/token',
};
const grant = {
  server,
  account: 'robot@example.iam.gserviceaccount.com',
  signer: createSigner(createPrivateKey(fixture('rsa.key.pem')), 'RS256'),
  nowMs: Date.UTC(2026, 11, 1) + 999,
};
const nowSeconds = Date.UTC(2026, 11, 1) / 1000;
const publicKey = createPublicKey(fixture('rsa.crt.pem'));
const assertionOf = ({ body }: { body: string }) => new URLSearchParams(body).get('assertion') ?? '';

test('JA-15: the grant verifies, its scope is a claim and no parameter, and no client authenticates', async () => {
  const request = await buildJwtBearerRequest({
    ...grant,
    scope: ['b', 'a b'],
    subject: 'user@example.com',
    keyId: 'k1',
    uniqueId: () => 'id',
  });
  expect(request).toEqual({
    url: 'https://oauth2.googleapis.com/token',
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: `grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=${assertionOf(request)}`,
  });
  const { payload, protectedHeader } = await jwtVerify(assertionOf(request), publicKey, {
    algorithms: ['RS256'],
    audience: 'https://oauth2.googleapis.com/token',
    currentDate: new Date(grant.nowMs),
  });
  expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
  expect(payload).toEqual({
    iss: 'robot@example.iam.gserviceaccount.com',
    sub: 'user@example.com',
    scope: 'b a',
    aud: 'https://oauth2.googleapis.com/token',
    iat: nowSeconds,
    exp: nowSeconds + 300,
    jti: 'id',
  });
});

test('JA-15: what is not given is not sent', async () => {
  const request = await buildJwtBearerRequest({ ...grant, scope: '', uniqueId: () => 'id' });
  const { payload, protectedHeader } = await jwtVerify(assertionOf(request), publicKey, { currentDate: new Date(grant.nowMs) });
  expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT' });
  expect(Object.keys(payload)).toEqual(['iss', 'aud', 'iat', 'exp', 'jti']);
});

test('JA-15: a further claim goes in, as Google wants one for an ID token', async () => {
  expect(await jwtOf({ claims: { target_audience: 'https://run.example' } })).toMatchObject({
    iss: grant.account,
    target_audience: 'https://run.example',
  });
});

test('JA-15: every request has a JWT of its own', async () => {
  const ids = await Promise.all([1, 2].map(async () => (await jwtOf({})).jti));
  expect(new Set(ids).size).toBe(2);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test.each([1, 3600])('JA-15: a lifetime of %d seconds is kept', async (lifetimeSeconds) => {
  expect((await jwtOf({ lifetimeSeconds })).exp).toBe(nowSeconds + lifetimeSeconds);
});

test('JA-15: the audience may be the issuer', async () => {
  expect((await jwtOf({ audience: server.issuer })).aud).toBe('https://accounts.google.com');
});

const none = { algorithm: 'none', sign: () => new Uint8Array(1) } as unknown as Signer;
test.each<readonly [object, string, string]>([
  [{ account: '' }, 'invalid_parameter', 'The account is ""; it must be one text'],
  [{ account: undefined }, 'invalid_parameter', 'The account is undefined'],
  [{ subject: '' }, 'invalid_parameter', 'The subject is ""'],
  [{ subject: 7 }, 'invalid_parameter', 'The subject is 7'],
  [{ audience: '' }, 'invalid_parameter', 'The audience is ""'],
  [{ audience: ['https://a.example'] }, 'invalid_parameter', 'The audience is an array'],
  [{ keyId: '' }, 'invalid_parameter', 'The keyId is ""; it must be one text'],
  [{ keyId: 42 }, 'invalid_parameter', 'The keyId is 42'],
  [{ claims: { iss: 'another' } }, 'invalid_parameter', '"iss" would replace a registered one'],
  [{ claims: { sub: 'another' } }, 'invalid_parameter', '"sub" would replace a registered one'],
  [{ claims: { scope: 'another' } }, 'invalid_parameter', '"scope" would replace a registered one'],
  [{ claims: { aud: 'another' } }, 'invalid_parameter', '"aud" would replace a registered one'],
  [{ claims: { exp: 1 } }, 'invalid_parameter', '"exp" would replace a registered one'],
  [{ claims: { toJSON: () => ({}) } }, 'invalid_parameter', 'The extra claim "toJSON" is a function'],
  [{ claims: [] }, 'invalid_parameter', 'The extra claims are an array'],
  [{ uniqueId: 'id' }, 'invalid_parameter', 'uniqueId is "id"; give a function'],
  [{ server: undefined }, 'invalid_url', 'The token endpoint is undefined'],
  [{ lifetimeSeconds: 0 }, 'invalid_parameter', 'lifetimeSeconds is 0; it must be a whole number from 1 to 3600'],
  [{ lifetimeSeconds: 3601 }, 'invalid_parameter', 'lifetimeSeconds is 3601'],
  [{ lifetimeSeconds: 1.5 }, 'invalid_parameter', 'lifetimeSeconds is 1.5'],
  [{ lifetimeSeconds: '60' }, 'invalid_parameter', 'lifetimeSeconds is "60"'],
  [{ nowMs: Number.NaN }, 'invalid_parameter', 'nowMs is NaN'],
  [{ uniqueId: () => '' }, 'invalid_parameter', 'uniqueId made ""'],
  [{ scope: 'a"b' }, 'invalid_scope', 'a"b'],
  [{ signer: none }, 'unsupported_algorithm', '"none"'],
  [{ server: { ...server, tokenEndpoint: 'http://oauth2.googleapis.com/token' } }, 'invalid_url', 'The token endpoint is "http:'],
])('JA-15: %j makes no grant', async (options, code, words) => {
  await expect(buildJwtBearerRequest({ ...grant, ...options })).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
});

test('JA-15: a server on this machine will do over http where that is allowed', async () => {
  const local: AuthorizationServer = { ...server, tokenEndpoint: 'http://127.0.0.1:1/token', allowHttpLoopback: true };
  expect((await buildJwtBearerRequest({ ...grant, server: local })).url).toBe('http://127.0.0.1:1/token');
});

test('JA-15, JA-14: the answer is read as that of any token endpoint, and a refusal repeats no grant', async () => {
  const request = await buildJwtBearerRequest(grant);
  const context = { server, requestedAtMs: grant.nowMs, request };
  const headers = { 'content-type': 'application/json' };
  const success = '{"access_token":"t","token_type":"Bearer","expires_in":3599}';
  expect(readTokenResponse({ status: 200, headers, body: success }, context).value).toBe('t');
  const refusal = JSON.stringify({ error: 'invalid_grant', error_description: `Invalid JWT ${assertionOf(request)}` });
  const error = thrown(() => readTokenResponse({ status: 400, headers, body: refusal }, context));
  expect(error).toBeInstanceOf(TokenResponseError);
  expect(error).toMatchObject({ code: 'oauth_error', error: 'invalid_grant' });
  expect(inspect(error)).not.toContain(assertionOf(request).split('.')[2]);
});

async function jwtOf(options: object) {
  const assertion = assertionOf(await buildJwtBearerRequest({ ...grant, ...options }));
  return (await jwtVerify(assertion, publicKey, { currentDate: new Date(grant.nowMs) })).payload;
}
