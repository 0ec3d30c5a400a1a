/** The whole way over TLS on loopback: credential, token, API; judged by the mock, which shares no code with what it judges. */
import { readFileSync } from 'node:fs';
import { createApiCaller } from '@client-credentials/api-caller';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { readCertificate } from '@client-credentials/protocol';
import { type Credential, certificate, createTokenSource, entra, secret, type TokenSource } from '@client-credentials/token-source';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { pair } from '../support/certificates.ts';

let mock: MockTokenEndpoint;
let pem: string;

beforeAll(async () => {
  mock = await startMockTokenEndpoint();
  pem = readFileSync(mock.certificateFile, 'utf8') + readFileSync(mock.privateKeyFile, 'utf8');
});
afterAll(() => mock.close());
beforeEach(() => mock.reset());

test('a daemon with a certificate reads 250 users over three pages with one token request, and none the second time', async () => {
  const api = apiFor(sourceWith(certificate({ pem })));
  const pages: number[] = [];
  for await (const { items } of api.pages('users?$select=id')) pages.push(items.length);
  expect(pages).toEqual([100, 100, 50]);
  let users = 0;
  for await (const _ of api.items('/users')) users += 1;
  expect(users).toBe(250);
  expect(journal()).toEqual([`POST /${mock.tenantId}/oauth2/v2.0/token 200`, ...Array(6).fill('GET /graph/v1.0/users 200')]);
});

test('ENT-13, ENT-14, ENT-15, ENT-16: the request the server received is the one the documents describe', async () => {
  await sourceWith(certificate({ pem })).getToken(mock.scope);
  const [entry] = mock.journal;
  const { x5tS256 } = readCertificate({ pem, nowMs: Date.now() });
  expect(entry?.headers).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    'client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(entry?.form).toEqual({
    grant_type: 'client_credentials',
    client_id: mock.clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    scope: mock.scope,
  });
  expect(entry?.assertion?.header).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': x5tS256 });
  expect(entry?.assertion?.claims).toMatchObject({
    aud: mock.tokenEndpoint,
    iss: mock.clientId,
    sub: mock.clientId,
    jti: expect.any(String),
  });
  expect(entry?.checks.every(({ passed }) => passed)).toBe(true);
});

test.each<readonly [string, () => Credential]>([
  ['RS256 and x5t', () => certificate({ pem }, { algorithm: 'RS256' })],
  ['its chain', () => certificate({ pem }, { sendChain: true })],
  ['a secret', () => secret(mock.clientSecret)],
  ['a secret in HTTP Basic', () => secret(async () => mock.clientSecret, { method: 'client_secret_basic' })],
])('a daemon with %s gets a token that the API takes', async (_, credential) => {
  await expect(apiFor(sourceWith(credential())).getJson<{ value: unknown[] }>('users?$top=1')).resolves.toMatchObject({ value: [{}] });
});

test.each<readonly [string, number, () => Credential]>([
  ['a wrong secret', 7000215, () => secret('wrong')],
  ['a certificate that was never registered', 700027, () => certificate({ pem: pair('rsa') })],
  ['an assertion for somebody else', 700023, () => certificate({ pem }, { audience: 'https://other.example' })],
])('%s is refused with AADSTS%d, once', async (_, code, credential) => {
  await expect(sourceWith(credential()).getToken(mock.scope)).rejects.toMatchObject({
    name: 'TokenResponseError',
    error: 'invalid_client',
    errorCodes: [code],
    requestId: expect.any(String),
    correlationId: expect.any(String),
    message: expect.stringContaining(`AADSTS${code}`),
  });
  expect(mock.journal).toHaveLength(1);
});

test('JA-09: a second attempt has another assertion, which the server’s memory of used ones lets through', async () => {
  mock.enqueue({ status: 503, body: {} });
  const source = sourceWith(certificate({ pem }));
  await source.getToken(mock.scope);
  await source.getToken(mock.scope, { forceRefresh: true });
  const ids = mock.journal.map(({ assertion }) => (assertion?.claims as { jti?: string } | undefined)?.jti);
  expect(new Set(ids).size).toBe(3);
  expect(ids).not.toContain(undefined);
});

test('BR-06: a token that the API refuses is renewed once, and the call succeeds', async () => {
  mock.addRule({
    match: { path: /users$/ },
    times: 1,
    answer: { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, body: {} },
  });
  await expect(apiFor(sourceWith(certificate({ pem }))).getJson('users')).resolves.toMatchObject({ value: expect.any(Array) });
  expect(journal().map((line) => line.replace(/^(\w+) .*? ?(\d+)$/, '$1 $2'))).toEqual(['POST 200', 'GET 401', 'POST 200', 'GET 200']);
});

test('a throttled API call waits as long as it was told, and a throttled token request too', async () => {
  mock.enqueue({ status: 429, headers: { 'retry-after': '2' }, body: {} });
  mock.addRule({ match: { path: /users$/ }, times: 1, answer: { status: 429, headers: { 'retry-after': '3' }, body: {} } });
  const pauses: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    pauses.push(ms);
  };
  await apiFor(sourceWith(secret(mock.clientSecret), { sleep }), { sleep }).getJson('users');
  expect(pauses).toEqual([2000, 3000]);
});

test('an unknown root is refused with advice, and nothing is sent', async () => {
  const source = createTokenSource({ ...base(), credential: secret(mock.clientSecret) });
  onTestFinished(() => source.close());
  await expect(source.getToken(mock.scope)).rejects.toMatchObject({
    code: 'network',
    transient: false,
    attempts: 1,
    message: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
  });
  expect(mock.journal).toEqual([]);
});

test('an unknown root is refused whatever the environment says', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const source = createTokenSource({ ...base(), credential: secret(mock.clientSecret) });
  onTestFinished(() => source.close());
  await expect(source.getToken(mock.scope)).rejects.toMatchObject({ code: 'network', transient: false });
  expect(mock.journal).toEqual([]);
});

/** What arrived, a line each. */
function journal(): string[] {
  return mock.journal.map(({ method, path, status }) => `${method} ${path.split('?')[0]} ${status}`);
}

function base() {
  return { authority: entra({ tenant: mock.tenantId, authorityHost: mock.authorityHost }), clientId: mock.clientId };
}

function sourceWith(credential: Credential, more: { sleep?: (ms: number) => Promise<void> } = {}): TokenSource {
  const source = createTokenSource({ ...base(), credential, ca: mock.ca, ...more });
  onTestFinished(() => source.close());
  return source;
}

function apiFor(tokens: TokenSource, more: { sleep?: (ms: number) => Promise<void> } = {}) {
  const api = createApiCaller({ baseUrl: mock.apiBaseUrl, scope: mock.scope, tokens, ca: mock.ca, ...more });
  onTestFinished(() => api.close());
  return api;
}
