/** Answers that a test scripts: what each looks like on the wire, and which request gets it. */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MockAnswer } from '../src/index.ts';
import { type Harness, NOW_MS, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const ask = () => harness.post(harness.secretFields());
const askWith = (answer: MockAnswer) => {
  harness.mock.enqueue(answer);
  return ask();
};

describe('an answer', () => {
  test('with an AADSTS code is that refusal, filled with what the request said', async () => {
    const reply = await askWith({ aadsts: 7000222 });
    expect([reply.status, reply.json.error, reply.json.error_codes]).toEqual([401, 'invalid_client', [7000222]]);
    expect(reply.json.error_description).toContain(`The provided client secret keys for app '${harness.mock.clientId}' are expired.`);
    const throttled = await askWith({ aadsts: 90055 });
    expect([throttled.status, throttled.json.error]).toEqual([429, 'temporarily_unavailable']);
  });

  test('with a code nobody listed is a general refusal', async () => {
    const reply = await askWith({ aadsts: 123456 });
    expect([reply.status, reply.json.error]).toEqual([400, 'invalid_request']);
    expect(reply.json.error_description).toMatch(/^AADSTS123456: The request was refused\.\r\n/);
  });

  test('with a string body sends just that', async () => {
    const reply = await askWith({ status: 502, headers: { 'Content-Type': 'text/html', 'Retry-After': '120' }, body: '<h1>Bad Gateway' });
    expect([reply.status, reply.text]).toEqual([502, '<h1>Bad Gateway']);
    expect(reply.headers).toMatchObject({ 'content-type': 'text/html', 'retry-after': '120', 'content-length': '15' });
    expect((await askWith({ body: '{"access_token":' })).headers).not.toHaveProperty('content-type');
  });

  test('with any other body sends it as JSON, with status 200 unless told otherwise', async () => {
    const reply = await askWith({ body: { error: 'invalid_request' } });
    expect([reply.status, reply.headers['content-type'], reply.text]).toEqual([
      200,
      'application/json; charset=utf-8',
      '{"error":"invalid_request"}',
    ]);
  });

  test('with a status alone has an empty body', async () => {
    const reply = await askWith({ status: 403 });
    expect([reply.status, reply.text, reply.headers['content-length']]).toEqual([403, '', '0']);
  });

  test('with neither status nor body is the honest one with more headers', async () => {
    const reply = await askWith({ headers: { 'X-Extra': '1' }, delayMs: 1 });
    expect([reply.status, reply.headers['x-extra'], reply.json.token_type]).toEqual([200, '1', 'Bearer']);
  });

  test('with a redirect sends its location and nothing else', async () => {
    const reply = await askWith({ redirect: 307, to: 'https://elsewhere.example/token' });
    expect([reply.status, reply.headers['location'], reply.text]).toEqual([307, 'https://elsewhere.example/token', '']);
  });

  test('with a token changes members of the success and claims of the token', async () => {
    const { json } = await askWith({
      token: { expires_in: '3599', refresh_in: 1800, token_type: 'bearer', scope: 'a', tid: 't', appid: 'c', aud: 'x' },
    });
    expect(json).toEqual({
      token_type: 'bearer',
      expires_in: '3599',
      ext_expires_in: '3599',
      refresh_in: 1800,
      scope: 'a',
      access_token: expect.any(String),
    });
    expect(decodeJwt(json.access_token)).toMatchObject({ tid: 't', appid: 'c', azp: 'c', aud: 'x' });
  });

  test('with expires_in null has no lifetime', async () => {
    expect(Object.keys((await askWith({ token: { expires_in: null } })).json)).toEqual(['token_type', 'access_token']);
  });

  test('with a token leaves a refusal what it is', async () => {
    harness.mock.enqueue({ token: { expires_in: 1 } });
    expect((await harness.post({ ...harness.secretFields(), client_secret: 'wrong' })).json.error_codes).toEqual([7000215]);
  });

  test('with a skew is honest but for its Date', async () => {
    const reply = await askWith({ dateSkewSeconds: -600 });
    expect([reply.status, reply.headers['date']]).toEqual([200, new Date(NOW_MS - 600_000).toUTCString()]);
  });
});

describe('which request', () => {
  test('queued answers go to token requests in order, and then the mock is honest again', async () => {
    const token = await harness.accessToken();
    harness.mock.enqueue({ status: 500 });
    harness.mock.enqueue({ status: 503 });
    expect((await harness.callApi('users?$top=1', { token })).status).toBe(200);
    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([500, 503, 200]);
  });

  test('a rule answers until it is removed, or as often as it says', async () => {
    const remove = harness.mock.addRule({ answer: { status: 500 } });
    expect([(await ask()).status, (await ask()).status]).toEqual([500, 500]);
    remove();
    expect((await ask()).status).toBe(200);
    harness.mock.addRule({ times: 2, answer: { status: 503 } });
    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([503, 503, 200]);
  });

  test('the queue comes before the rules, and the oldest rule that matches before the others', async () => {
    harness.mock.addRule({ match: { clientId: 'somebody else' }, answer: { status: 500 } });
    harness.mock.addRule({ answer: { status: 501 } });
    harness.mock.addRule({ answer: { status: 502 } });
    harness.mock.enqueue({ status: 503 });
    expect([(await ask()).status, (await ask()).status]).toEqual([503, 501]);
  });

  test('a path is equal without its query, or found with it', async () => {
    const token = await harness.accessToken();
    const statuses = async (path: string | RegExp) => {
      const remove = harness.mock.addRule({ match: { path }, answer: { status: 429 } });
      const replies = await Promise.all(['users?$top=1', 'users?$top=2', 'organization'].map((each) => harness.callApi(each, { token })));
      remove();
      return replies.map(({ status }) => status);
    };
    expect(await statuses('/graph/v1.0/users')).toEqual([429, 429, 200]);
    expect(await statuses(/\$top=2/g)).toEqual([200, 429, 200]);
    expect(await statuses('/graph')).toEqual([200, 200, 200]);
  });

  test('method, tenant and client are matched in any case, for the API by what its token says', async () => {
    const { tenantId, clientId } = harness.mock;
    const token = await harness.accessToken();
    const match = { method: 'get', tenant: tenantId.toUpperCase(), clientId: clientId.toUpperCase() };
    harness.mock.addRule({ match, answer: { status: 418 } });
    expect((await ask()).status).toBe(200);
    expect((await harness.callApi('users', { token })).status).toBe(418);
    expect((await harness.callApi('users')).status).toBe(401);
    harness.mock.addRule({ match: { ...match, method: 'POST' }, answer: { status: 419 } });
    expect((await ask()).status).toBe(419);
  });

  test('reset forgets rules and queue', async () => {
    harness.mock.addRule({ answer: { status: 500 } });
    harness.mock.enqueue({ status: 503 });
    harness.mock.reset();
    expect((await ask()).status).toBe(200);
  });
});

test.each<{ title: string; answer: MockAnswer }>([
  { title: 'a status that is none', answer: { status: 1000 } },
  { title: 'an informational status', answer: { status: 100 } },
  { title: 'a negative delay', answer: { delayMs: -1 } },
  { title: 'a header with a line break', answer: { headers: { a: 'b\r\nc: d' } } },
  { title: 'a header without a name', answer: { headers: { '': 'b' } } },
  { title: 'a redirect with a line break', answer: { redirect: 302, to: 'https://a/\r\nb' } },
  { title: 'a code that is no number', answer: { aadsts: Number.NaN } },
  { title: 'a skew that is no number', answer: { dateSkewSeconds: Number.NaN } },
  { title: 'a body that is no JSON', answer: { body: 1n } },
])('$title is refused when it is given, not when it is sent', ({ answer }) => {
  const fault = expect.objectContaining({ name: 'MockError', code: 'invalid_option', transient: false });
  expect(() => harness.mock.enqueue(answer)).toThrow(fault);
  expect(() => harness.mock.addRule({ answer })).toThrow(fault);
});

test('a rule for no times at all is refused', () => {
  expect(() => harness.mock.addRule({ times: 0, answer: { status: 500 } })).toThrow('times is 0: give 1 or more');
});
