/** What the internet does to answers, scripted member by member: throttling, redirects, clocks, lifetimes, types and characters. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { MockAnswer } from '../src/index.ts';
import { curl } from './curl.ts';
import { type Harness, NOW_MS, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'faults' });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const askWith = (answer: MockAnswer) => {
  harness.mock.enqueue(answer);
  return harness.post(harness.secretFields());
};

test.each([
  { form: 'in seconds', value: '120' },
  { form: 'as a date', value: 'Tue, 06 May 2031 07:10:09 GMT' },
  { form: 'as the oldest kind of date', value: 'Tue May  6 07:10:09 2031' },
  { form: 'absurdly far away', value: '99999999999999999999' },
  { form: 'as a fraction', value: '2.128' },
  { form: 'as a word', value: 'soon' },
  { form: 'negative', value: '-1' },
])('HTTP-12: a 429 says when to come back $form', async ({ value }) => {
  const reply = await askWith({ status: 429, headers: { 'Retry-After': value }, body: { error: 'temporarily_unavailable' } });
  expect([reply.status, reply.headers['retry-after'], reply.json.error]).toEqual([429, value, 'temporarily_unavailable']);
});

test('HTTP-12: a 429 need not say when to come back', async () => {
  const reply = await askWith({ status: 429 });
  expect([reply.status, reply.headers['retry-after'], reply.text]).toEqual([429, undefined, '']);
});

test.each([301, 302, 303, 307, 308] as const)(
  'HTTP-20: a redirect with %i leads a client that follows it to another origin',
  async (redirect) => {
    const arrived: IncomingMessage[] = [];
    const elsewhere = createServer((request, response) => {
      arrived.push(request);
      response.end();
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void elsewhere.close());
    await new Promise((resolve) => elsewhere.once('listening', resolve));
    const to = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/token`;

    const reply = await askWith({ redirect, to });
    expect([reply.status, reply.headers['location'], reply.text]).toEqual([redirect, to, '']);
    harness.mock.enqueue({ redirect, to });
    await curl('-L', '-d', 'client_secret=s', harness.mock.tokenEndpoint);
    // What browsers made of 301 and 302 long ago is the rule now: RFC 9110 §15.4.2 and §15.4.3. 307 and 308 send the secret again.
    expect(arrived.map(({ method }) => method)).toEqual([redirect >= 307 ? 'POST' : 'GET']);
  },
);

test('a redirect may lead to a path of the same origin', async () => {
  const { mock } = harness;
  mock.addRule({ match: { path: '/old' }, answer: { redirect: 302, to: `/${mock.tenantId}/discovery/v2.0/keys` } });
  const { stdout } = await curl('-L', `${mock.authorityHost}/old`);
  expect(JSON.parse(String(stdout))).toEqual({ keys: [expect.objectContaining({ kty: 'RSA' })] });
});

test.each([600, -600, 86_400])('HTTP-14: the Date is off by %i seconds, and nothing else is', async (dateSkewSeconds) => {
  const reply = await askWith({ dateSkewSeconds });
  expect([reply.status, reply.headers['date']]).toEqual([200, new Date(NOW_MS + dateSkewSeconds * 1000).toUTCString()]);
  expect(decodeJwt(reply.json.access_token).iat).toBe(NOW_MS / 1000);
});

test.each(['3599', 0, -1, 1e15, '1e3', 'soon', 3599.5])('CC-19: expires_in is %j', async (expires_in) => {
  const { text } = await askWith({ token: { expires_in } });
  expect(text).toContain(`"expires_in":${JSON.stringify(expires_in)},`);
});

test('CC-18: expires_in is missing', async () => {
  const { json } = await askWith({ token: { expires_in: null } });
  expect(Object.keys(json)).toEqual(['token_type', 'access_token']);
});

test.each(['bearer', 'BEARER', 'mac', 'DPoP', ''])('CC-17: token_type is %j', async (token_type) => {
  expect((await askWith({ token: { token_type } })).json.token_type).toBe(token_type);
});

test('CC-29: an error_description has line breaks, and more that it should not have', async () => {
  const description = 'one\r\ntwo\t"three" \u00e9';
  const reply = await askWith({ status: 400, body: { error: 'invalid_request', error_description: description } });
  expect([reply.status, reply.json.error_description]).toEqual([400, description]);
});

test('CC-25: an access token has a line break', async () => {
  const { json } = await askWith({ body: { access_token: 'a\r\nb', token_type: 'Bearer', expires_in: 1 } });
  expect(json.access_token).toBe('a\r\nb');
});

test('CC-26: a refresh token comes unasked', async () => {
  const { json } = await askWith({ body: { access_token: 'a', token_type: 'Bearer', expires_in: 1, refresh_token: 'r' } });
  expect(json.refresh_token).toBe('r');
});

test('CC-24: a byte order mark stands before the JSON', async () => {
  harness.mock.enqueue({ headers: { 'Content-Type': 'application/json' }, body: '\uFEFF{"access_token":"a","token_type":"Bearer"}' });
  const { stdout } = await curl('-d', 'grant_type=client_credentials', harness.mock.tokenEndpoint);
  expect(stdout.subarray(0, 4).toString('hex')).toBe('efbbbf7b');
});

test('CC-16: a success has no body', async () => {
  harness.mock.enqueue({ status: 200, headers: { 'Content-Type': 'application/json' }, body: '' });
  const { stdout } = await curl('-i', '-d', 'grant_type=client_credentials', harness.mock.tokenEndpoint);
  expect(String(stdout)).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)*\r\n$/);
  expect(String(stdout)).toContain('content-type: application/json\r\n');
});

test('HTTP-01: a 401 has challenges of two schemes', async () => {
  const challenge = 'Negotiate, Bearer realm="a", error="invalid_token"';
  expect((await askWith({ status: 401, headers: { 'WWW-Authenticate': challenge } })).headers['www-authenticate']).toBe(challenge);
});

test('HTTP-19: a 401 has no challenge', async () => {
  expect((await askWith({ status: 401 })).headers['www-authenticate']).toBeUndefined();
});
