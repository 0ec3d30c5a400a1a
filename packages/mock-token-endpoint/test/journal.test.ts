/** What the journal holds, and what it never holds. */
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { MockAnswer } from '../src/index.ts';
import { type Harness, NOW_MS, NOW_SECONDS, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'journal', journalEntries: 3 });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const digestOf = (token: string) => `sha256:${createHash('sha256').update(token).digest('base64url')}`;

test('a token request stands there with its form, its decoded assertion and every check in order', async () => {
  const { mock } = harness;
  const assertion = await harness.assertion();
  await harness.post(harness.assertionFields(assertion), { url: `${mock.tokenEndpoint}?client-request-id=1` });
  const [entry] = mock.journal;
  expect(entry).toEqual({
    id: 1,
    atMs: NOW_MS,
    method: 'POST',
    path: `/${mock.tenantId}/oauth2/v2.0/token?client-request-id=1`,
    headers: expect.objectContaining({ 'content-type': 'application/x-www-form-urlencoded', host: new URL(mock.authorityHost).host }),
    form: {
      grant_type: 'client_credentials',
      client_id: mock.clientId,
      scope: 'api://mock-graph/.default',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    },
    assertion: {
      header: { alg: 'PS256', typ: 'JWT', 'x5t#S256': expect.any(String) },
      claims: {
        aud: mock.tokenEndpoint,
        iss: mock.clientId,
        sub: mock.clientId,
        jti: expect.any(String),
        iat: NOW_SECONDS,
        nbf: NOW_SECONDS,
        exp: NOW_SECONDS + 300,
      },
    },
    checks: expect.any(Array),
    status: 200,
    listener: 'public',
    tenant: mock.tenantId,
    clientId: mock.clientId,
    answer: { headers: expect.objectContaining({ 'cache-control': 'no-store' }), body: expect.stringMatching(/"access_token":"sha256:/) },
    tokenClaims: expect.objectContaining({ tid: mock.tenantId, appid: mock.clientId }),
    durationMs: expect.any(Number),
  });
  expect(entry?.checks.every(({ passed }) => passed)).toBe(true);
  expect(entry?.checks.map(({ name }) => name)).toEqual([
    'the method is POST',
    'the body is a form',
    'no parameter is repeated',
    'grant_type is present',
    'grant_type is client_credentials',
    'the resource is named by scope',
    'scope is present',
    'the tenant is a single one',
    'the tenant is a GUID or a domain name',
    'one method of client authentication is used',
    'the client presents a credential',
    'the client is named',
    'the body and the Basic header name the same client',
    'the client is registered in the tenant',
    'the client is enabled',
    'client_assertion_type is present',
    'client_assertion_type is jwt-bearer',
    'the assertion is a compact JWT',
    'the header type is jwt',
    'the algorithm is PS256 or RS256',
    'the header names a certificate',
    'the claim iss is present',
    'the claim sub is present',
    'the claim aud is present',
    'the claim exp is present',
    'iss equals sub',
    'sub equals client_id',
    'the thumbprint is of a registered certificate',
    'the certificate is within its validity',
    'the signature verifies with that certificate',
    'the assertion is within its time',
    'the assertion lives 10 minutes at most',
    'the assertion has one audience',
    "the audience is this server's issuer or token endpoint",
    'the jti is a string',
    'the jti has not been used before',
    'the scope is of the allowed characters',
    'the scope ends in /.default',
    'the scope names one resource',
    'nothing stands beside /.default',
    'the resource is in the tenant',
    'an administrator has consented to the client',
  ]);
});

test('a refused request ends with the check that failed', async () => {
  await harness.post({ ...harness.secretFields(), client_secret: 'wrong' });
  const [entry] = harness.mock.journal;
  expect([entry?.status, entry?.error, entry?.form?.['client_secret']]).toEqual([401, 'invalid_client', 'wrong']);
  expect(entry?.checks.at(-1)).toEqual({ name: 'the secret is registered for the client', passed: false, section: 'RFC 6749 §2.3.1' });
  expect(entry?.checks.filter(({ passed }) => !passed)).toHaveLength(1);
});

test('a scripted answer is recorded as sent, over the honest checks', async () => {
  harness.mock.enqueue({ status: 503, body: { error: 'temporarily_unavailable' } });
  await harness.post(harness.secretFields());
  const [entry] = harness.mock.journal;
  expect([entry?.status, entry?.error, entry?.checks.every(({ passed }) => passed)]).toEqual([503, 'temporarily_unavailable', true]);
});

test('an answer that is held back is in the journal before it leaves', async () => {
  harness.mock.enqueue({ delayMs: 600_000 });
  const left = new AbortController();
  const pending = harness.send(harness.mock.tokenEndpoint, { method: 'POST', signal: left.signal }).catch((error: Error) => error.name);
  while (harness.mock.journal.length === 0) await new Promise((resolve) => setImmediate(resolve));
  left.abort();
  expect(await pending).toBe('AbortError');
  expect(harness.mock.journal[0]?.status).toBe(400);
});

test('an access token is never there, but two can be told apart', async () => {
  const token = await harness.accessToken();
  await harness.callApi('users?$top=1', { token });
  await harness.callApi('groups', { token: 'another' });
  const text = JSON.stringify(harness.mock.journal);
  for (const part of token.split('.')) expect(text).not.toContain(part);
  const [, first, second] = harness.mock.journal;
  expect(first?.headers['authorization']).toBe(`Bearer sha256:${createHash('sha256').update(token).digest('base64url')}`);
  expect(second?.headers['authorization']).toBe(`Bearer sha256:${createHash('sha256').update('another').digest('base64url')}`);
  expect(second?.error).toBe('InvalidAuthenticationToken');
});

test('an access token in a form or a query is not there either', async () => {
  const token = await harness.accessToken();
  const digest = `sha256:${createHash('sha256').update(token).digest('base64url')}`;
  await harness.post({ token, access_token: 'opaque' });
  await harness.callApi(`users?access_token=${token}`);
  const [, form, query] = harness.mock.journal;
  expect([form?.form?.['token'], form?.form?.['access_token']]).toEqual([digest, expect.stringMatching(/^sha256:/)]);
  expect(query?.path).toBe(`/graph/v1.0/users?access_token=${digest}`);
});

test.each<[string, (token: string) => Record<string, string>, string, (digest: string) => string]>([
  ['a cookie', (token) => ({ cookie: `a=b; session=${token}` }), 'cookie', (digest) => `a=b; session=${digest}`],
  ['x-token', (token) => ({ 'x-token': token }), 'x-token', (digest) => digest],
])('an access token in %s is not there either', async (_title, headers, name, shown) => {
  const token = await harness.accessToken();
  await harness.callApi('users', { headers: headers(token) });
  expect(harness.mock.journal.at(-1)?.headers[name]).toBe(shown(digestOf(token)));
});

test('an access token in a query with its dots escaped is not there either', async () => {
  const escaped = (await harness.accessToken()).replace('.', '%2E').replace('.', '%2e');
  await harness.callApi(`users?t=${escaped}&a=b`);
  expect(harness.mock.journal.at(-1)?.path).toBe(`/graph/v1.0/users?t=${digestOf(escaped)}&a=b`);
});

test('access tokens in a scripted body are not there either, and what only shares their name is', async () => {
  const token = await harness.accessToken();
  const [opaque, second] = [digestOf('opaque'), digestOf(token)];
  const scripted = async (answer: MockAnswer) => {
    harness.mock.enqueue(answer);
    await harness.post(harness.secretFields());
    return harness.mock.journal.at(-1);
  };
  const json = await scripted({ status: 200, body: { access_token: 'opaque', list: [`see\n${token}`], expires_in: 1 } });
  const body = { access_token: opaque, list: [`see\n${second}`], expires_in: 1 };
  expect([json?.scripted, json?.answer.body]).toEqual([{ status: 200, body }, JSON.stringify(body)]);
  const text = await scripted({ body: `<p>${token}` });
  expect([text?.scripted, text?.answer.body]).toEqual([{ body: `<p>${second}` }, `<p>${second}`]);
  expect((await scripted({ token: { aud: 'a' } }))?.scripted).toEqual({ token: { aud: 'a' } });
});

test('a DPoP proof stays as received', async () => {
  const proof = 'eyJ0eXAiOiJkcG9wK2p3dCJ9.eyJqdGkiOiJhIn0.YQ';
  await harness.callApi('users', { headers: { dpop: proof } });
  expect(harness.mock.journal[0]?.headers['dpop']).toBe(proof);
});

test('of a repeated field the first value is there, and its name', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  await harness.send(harness.mock.tokenEndpoint, { method: 'POST', headers, body: 'scope=a&client_id=b&scope=c&client_id=d' });
  await harness.post({ scope: 'a' });
  const [twice, once] = harness.mock.journal;
  expect([twice?.form, twice?.repeated]).toEqual([{ scope: 'a', client_id: 'b' }, 'scope']);
  expect(once).not.toHaveProperty('repeated');
});

test('a token that came without a scheme is not there either', async () => {
  await harness.callApi('users', { headers: { authorization: 'naked' } });
  const digest = createHash('sha256').update('naked').digest('base64url');
  expect(harness.mock.journal[0]?.headers['authorization']).toBe(`sha256:${digest}`);
});

test('a Basic header stays as received', async () => {
  await harness.post({}, { headers: { authorization: 'Basic YTpi' } });
  expect(harness.mock.journal[0]?.headers['authorization']).toBe('Basic YTpi');
});

test('the newest entries are kept, and their ids go on counting', async () => {
  for (let request = 1; request <= 5; request += 1) await harness.send(harness.mock.authorityHost);
  expect(harness.mock.journal.map(({ id, status }) => [id, status])).toEqual([
    [3, 404],
    [4, 404],
    [5, 404],
  ]);
});

test('entries are frozen through and through, and a list once read does not change', async () => {
  await harness.post(harness.assertionFields(await harness.assertion()));
  const before = harness.mock.journal;
  const [entry] = before;
  for (const part of [before, entry, entry?.form, entry?.headers, entry?.checks, entry?.checks[0], entry?.assertion?.claims]) {
    expect(part).toBeDefined();
    expect(Object.isFrozen(part)).toBe(true);
  }
  await harness.post({});
  expect(before).toHaveLength(1);
  expect(harness.mock.journal).toHaveLength(2);
});

test('claims of any depth are taken in', async () => {
  const nested = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  const assertion = `${Buffer.from('{"alg":"RS256","x5t":"a"}').toString('base64url')}.${Buffer.from(nested).toString('base64url')}.YQ`;
  const reply = await harness.post(harness.assertionFields(assertion));
  expect([reply.status, reply.json.error_codes]).toEqual([400, [90014]]);
  expect(harness.mock.journal[0]?.assertion?.header).toEqual({ alg: 'RS256', x5t: 'a' });
});
