/** Entra's older token endpoint, `/{tenant}/oauth2/token`: a resource in place of a scope, numbers as strings, a token of version 1. */
import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fields, GUID, type Harness, NOW_MS, NOW_SECONDS, startHarness } from './harness.ts';
import { expectRefusal, INVALID_CLIENT, INVALID_REQUEST, type Refusal } from './refusal.ts';

let harness: Harness;
let url: string;
beforeAll(async () => {
  harness = await startHarness({ seed: 'version 1' });
  url = `${harness.mock.authorityHost}/${harness.mock.tenantId}/oauth2/token`;
});
afterAll(() => harness.close());

const ask = (fields: Fields) =>
  harness.post({ ...harness.secretFields(), scope: undefined, resource: 'api://mock-graph', ...fields }, { url });
const askWithAssertion = async (claims: object) =>
  ask({ ...harness.assertionFields(await harness.assertion({ claims: { aud: url, ...claims } })), scope: undefined });

test('ENT-03: a resource gets a response with its numbers as strings', async () => {
  const reply = await ask({});
  expect(reply.status).toBe(200);
  expect(reply.json).toEqual({
    token_type: 'Bearer',
    expires_in: '3600',
    ext_expires_in: '3600',
    expires_on: String(NOW_SECONDS + 3600),
    not_before: String(NOW_SECONDS),
    resource: 'api://mock-graph',
    access_token: expect.any(String),
  });
});

test('ENT-57: its token is of version 1, and verifies with the published keys', async () => {
  const { mock } = harness;
  const keys = createRemoteJWKSet(new URL(`${mock.authorityHost}/${mock.tenantId}/discovery/keys`), {
    [customFetch]: async (target) => Response.json((await harness.send(String(target))).json),
  });
  const { payload } = await jwtVerify((await ask({})).json.access_token, keys, { algorithms: ['RS256'], currentDate: new Date(NOW_MS) });
  const { oid, jti, ...claims } = payload;
  const iss = `${mock.authorityHost}/${mock.tenantId}/`;
  expect(claims).toEqual({
    iss,
    idp: iss,
    aud: 'api://mock-graph',
    tid: mock.tenantId,
    appid: mock.clientId,
    appidacr: '1',
    idtyp: 'app',
    roles: ['User.Read.All'],
    sub: oid,
    iat: NOW_SECONDS,
    nbf: NOW_SECONDS,
    exp: NOW_SECONDS + 3600,
    ver: '1.0',
  });
  expect([oid, jti]).toEqual([expect.stringMatching(GUID), expect.stringMatching(GUID)]);
});

test.each<{ title: string; claims: () => object }>([
  { title: 'the older endpoint', claims: () => ({}) },
  { title: 'the issuer of its tokens', claims: () => ({ aud: `${harness.mock.authorityHost}/${harness.mock.tenantId}/` }) },
])('an assertion for $title is taken there, and the token says so', async ({ claims }) => {
  expect(decodeJwt((await askWithAssertion(claims())).json.access_token)).toMatchObject({ appidacr: '2', ver: '1.0' });
});

test('a resource is taken to the letter, with its slash', async () => {
  expect(decodeJwt((await ask({ resource: 'api://mock-graph/' })).json.access_token).aud).toBe('api://mock-graph/');
});

test.each<Refusal>([
  { title: 'no resource', send: () => ask({ resource: undefined }), ...INVALID_REQUEST, code: 900144 },
  {
    title: 'a scope in place of the resource',
    send: () => ask({ resource: undefined, scope: 'api://mock-graph/.default' }),
    ...INVALID_REQUEST,
    code: 900144,
  },
  {
    title: 'an unknown resource',
    send: () => ask({ resource: 'api://nowhere' }),
    status: 400,
    error: 'invalid_resource',
    code: 500011,
  },
  { title: 'a wrong secret', send: () => ask({ client_secret: 'wrong' }), ...INVALID_CLIENT, code: 7000215 },
  {
    title: 'an assertion for the v2.0 endpoint',
    send: () => askWithAssertion({ aud: harness.mock.tokenEndpoint }),
    ...INVALID_CLIENT,
    code: 700023,
  },
  { title: 'GET', send: () => harness.send(url), ...INVALID_REQUEST, code: 900561 },
])('$title is AADSTS$code there too', expectRefusal);
