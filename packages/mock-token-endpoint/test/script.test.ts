/** Answers that a test scripts: what each looks like on the wire, and which request gets it. */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MockAnswer } from '../src/index.ts';
import { type Harness, NOW_MS, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'script' });
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

  test('a queued answer for a tenant or a client waits for a request of theirs, in the order of the queue', async () => {
    const { mock } = harness;
    const of = (tenant: string) => harness.post(harness.secretFields(), { url: `${mock.authorityHost}/${tenant}/oauth2/v2.0/token` });
    mock.enqueue({ status: 500 }, { tenant: 'One.example' });
    mock.enqueue({ status: 501 }, { tenant: 'two.example', clientId: mock.clientId.toUpperCase() });
    mock.enqueue({ status: 502 }, { tenant: 'two.example', clientId: 'somebody else' });
    mock.enqueue({ status: 503 });
    expect((await of('two.example')).status).toBe(501);
    expect((await of('two.example')).status).toBe(503);
    expect((await of('two.example')).status).toBe(200);
    expect((await of('one.example')).status).toBe(500);
  });

  test('parallel tests with a tenant each do not disturb each other', async () => {
    const { mock } = harness;
    const one = async (tenant: string, status: number) => {
      mock.enqueue({ status }, { tenant });
      mock.addRule({ match: { tenant }, times: 1, answer: { status: status + 1 } });
      const url = `${mock.authorityHost}/${tenant}/oauth2/v2.0/token`;
      const statuses = [];
      for (let count = 0; count < 3; count += 1) statuses.push((await harness.post(harness.secretFields(), { url })).status);
      return statuses;
    };
    expect(await Promise.all([one('a.example', 500), one('b.example', 510), one('c.example', 520)])).toEqual([
      [500, 501, 200],
      [510, 511, 200],
      [520, 521, 200],
    ]);
  });

  test('a pattern with a memory finds the same each time, and is the one it was when it was given', async () => {
    const path = /token$/g;
    harness.mock.addRule({ match: { path }, answer: { status: 500 } });
    harness.mock.addRule({ match: { path: /^\/sticky/y }, answer: { status: 501 } });
    path.lastIndex = 9999;
    path.compile('nothing');
    const sticky = () => harness.send(`${harness.mock.authorityHost}/sticky`);
    expect([(await ask()).status, (await ask()).status, (await sticky()).status, (await sticky()).status]).toEqual([500, 500, 501, 501]);
  });

  test('what the caller does with an answer after giving it has no effect', async () => {
    const answer = { status: 400, headers: { a: 'b' }, body: { error: 'one', list: [1] } };
    const match = { tenant: harness.mock.tenantId };
    const rule = { match, answer };
    harness.mock.addRule(rule);
    harness.mock.enqueue(answer, match);
    answer.status = 500;
    answer.headers.a = 'c';
    answer.body.error = 'two';
    answer.body.list.push(2);
    match.tenant = 'nobody';
    for (const reply of [await ask(), await ask()]) {
      expect([reply.status, reply.headers['a'], reply.json]).toEqual([400, 'b', { error: 'one', list: [1] }]);
    }
  });

  test('a rule that is gone cannot be removed in place of another', async () => {
    const remove = harness.mock.addRule({ answer: { status: 500 } });
    harness.mock.reset();
    harness.mock.addRule({ answer: { status: 501 } });
    remove();
    expect((await ask()).status).toBe(501);
  });

  test('reset forgets rules and queue', async () => {
    harness.mock.addRule({ answer: { status: 500 } });
    harness.mock.enqueue({ status: 503 });
    harness.mock.reset();
    expect((await ask()).status).toBe(200);
  });
});
