/** Who may steer the mock, and what a request to the control interface must be like: seen from raw sockets. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { curl } from './curl.ts';
import { type Harness, startHarness } from './harness.ts';
import { openWire, requestText } from './raw.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'control' });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}
/** Sends a good request but for what is given, and returns the head and the body of the answer. */
const call = async ({ method = 'GET', path = '', headers = {}, body = '' }: Call) => {
  const { controlUrl, controlToken } = harness.mock;
  const all = {
    authorization: `Bearer ${controlToken}`,
    connection: 'close',
    ...(body && { 'content-type': 'application/json' }),
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<string, string>;
  const wire = openWire(harness.mock.platformUrl, requestText(method, `${controlUrl}${path}`, { headers: given, body }));
  await wire.ended;
  const [head = '', text = ''] = wire.received().split('\r\n\r\n');
  return { head, status: Number(head.split(' ')[1]), json: text.startsWith('{') ? JSON.parse(text) : undefined };
};

describe('refused is', () => {
  test.each<[string, Call, number, string]>([
    ['a request without the token', { headers: { authorization: undefined } }, 401, 'unauthorized'],
    ['a wrong token', { headers: { authorization: 'Bearer wrong' } }, 401, 'unauthorized'],
    ['an empty token', { headers: { authorization: 'Bearer ' } }, 401, 'unauthorized'],
    ['a token without its scheme', { headers: { authorization: 'wrong' } }, 401, 'unauthorized'],
    ['another scheme', { headers: { authorization: 'Basic d3Jvbmc=' } }, 401, 'unauthorized'],
    ['a path there is none at, without the token', { path: 'nothing', headers: { authorization: undefined } }, 401, 'unauthorized'],
    ['a page of another origin', { headers: { origin: 'https://evil.example' } }, 403, 'foreign_origin'],
    ['a page of no origin', { headers: { origin: 'null' } }, 403, 'foreign_origin'],
    ['a page of another port', { headers: { origin: 'http://127.0.0.1:1' } }, 403, 'foreign_origin'],
    ['the question of such a page', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } }, 403, 'foreign_origin'],
    ['a path there is none at', { path: 'nothing' }, 404, 'not_found'],
    ['a path below one there is', { path: 'clock/1' }, 404, 'not_found'],
    ['a rule there is none of', { method: 'DELETE', path: 'rules/99' }, 404, 'not_found'],
    ['an exchange there is none of', { path: 'journal/99' }, 404, 'not_found'],
    ['a method there is none of', { method: 'PUT', path: 'clock', body: '{}' }, 405, 'method_not_allowed'],
    ['an unknown method without a path', { method: 'OPTIONS' }, 405, 'method_not_allowed'],
    [
      'a form',
      { method: 'POST', path: 'queue', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    [
      'a text',
      { method: 'POST', path: 'queue', body: '{"answer":{}}', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'a body of no type',
      { method: 'POST', path: 'queue', body: '{"answer":{}}', headers: { 'content-type': undefined } },
      415,
      'unsupported_media_type',
    ],
    ['no body where there must be one', { method: 'POST', path: 'queue' }, 415, 'unsupported_media_type'],
    [
      'a form where no body is wanted',
      { method: 'POST', path: 'reset', body: 'a=b', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    ['a body over 256 KiB', { method: 'POST', path: 'queue', body: JSON.stringify('x'.repeat(262_143)) }, 413, 'too_large'],
    [
      'a body over 256 KiB of fewer characters',
      { method: 'POST', path: 'queue', body: JSON.stringify('€'.repeat(100_000)) },
      413,
      'too_large',
    ],
    ['a body that is no JSON', { method: 'POST', path: 'queue', body: '{' }, 400, 'invalid_option'],
    ['a body that is another JSON', { method: 'POST', path: 'queue', body: '[]' }, 400, 'invalid_option'],
    [
      'an answer 3000 levels deep',
      { method: 'POST', path: 'queue', body: `{"answer":{"body":${'['.repeat(3000)}${']'.repeat(3000)}}}` },
      400,
      'invalid_option',
    ],
    [
      'a body 100,000 levels deep',
      { method: 'POST', path: 'queue', body: `{"answer":{"body":${'['.repeat(1e5)}${']'.repeat(1e5)}}}` },
      400,
      'invalid_option',
    ],
    ['an answer that cannot be sent', { method: 'POST', path: 'queue', body: '{"answer":{"status":1}}' }, 400, 'invalid_option'],
    ['a queue entry with more', { method: 'POST', path: 'queue', body: '{"answer":{},"times":1}' }, 400, 'invalid_option'],
    ['a rule without an answer', { method: 'POST', path: 'rules', body: '{}' }, 400, 'invalid_option'],
    ['a clock turned back', { method: 'POST', path: 'clock', body: '{"advanceMs":-1}' }, 400, 'invalid_option'],
    ['a clock beyond the year 9999', { method: 'POST', path: 'clock', body: '{"advanceMs":1e300}' }, 400, 'invalid_option'],
    ['a clock without a step', { method: 'POST', path: 'clock', body: '{}' }, 400, 'invalid_option'],
    ['a platform that is none', { path: 'platform/mainframe' }, 400, 'invalid_option'],
    ['a certificate of another kind', { method: 'POST', path: 'certificates', body: '{"key":"dsa"}' }, 400, 'invalid_option'],
    ['a federated token with more', { method: 'POST', path: 'federated-tokens', body: '{"alg":"none"}' }, 400, 'invalid_option'],
    ['a misspelt filter', { method: 'DELETE', path: 'journal?client=c' }, 400, 'invalid_option'],
    ['an empty filter', { method: 'DELETE', path: 'journal?tenant=' }, 400, 'invalid_option'],
    ['a reset of an empty tenant', { method: 'POST', path: 'reset?tenant=' }, 400, 'invalid_option'],
    ['a filter given twice', { path: 'journal?status=1&status=2' }, 400, 'invalid_option'],
    ['a query where there is none', { path: 'clock?tenant=a' }, 400, 'invalid_option'],
    ['a wait of a minute', { path: 'journal?waitMs=60000' }, 400, 'invalid_option'],
    ['a limit of nothing', { path: 'journal?limit=0' }, 400, 'invalid_option'],
    ['a number that is none', { path: 'journal?after=1e3' }, 400, 'invalid_option'],
    ['a negative number', { path: 'journal?after=-1' }, 400, 'invalid_option'],
    ['another value than true', { path: 'journal?failed=1' }, 400, 'invalid_option'],
  ])('%s', async (_title, request, status, code) => {
    const reply = await call(request);
    expect([reply.status, reply.json?.error.code]).toEqual([status, code]);
    expect(reply.json.error.message).toMatch(/\w{3}/);
    expect(reply.head).toMatch(/\r\ncache-control: no-store\r\n/);
    expect(reply.head).not.toMatch(/access-control/i);
  });

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost:1'])('the Host %s, whatever else is right', async (host) => {
    expect((await call({ headers: { host } })).status).toBe(421);
  });

  test('a body over 1 MiB, without being looked at', async () => {
    const looked = await call({ method: 'POST', path: 'queue', body: ' '.repeat(1_048_576) });
    expect([looked.status, looked.json?.error.code]).toEqual([413, 'too_large']);
    const unlooked = await call({ method: 'POST', path: 'queue', body: ' '.repeat(1_048_577) });
    expect([unlooked.status, unlooked.json]).toEqual([413, undefined]);
  });
});

test('a body of 256 KiB is taken', async () => {
  const [before, after] = ['{"answer":{"body":"', '"}}'];
  const body = `${before}${'x'.repeat(262_144 - before.length - after.length)}${after}`;
  expect((await call({ method: 'POST', path: 'queue', body })).status).toBe(201);
});

test('a 401 asks for a bearer token, and a 405 names what there is', async () => {
  expect((await call({ headers: { authorization: undefined } })).head).toMatch(/\r\nwww-authenticate: Bearer\r\n/);
  expect((await call({ method: 'PUT', path: 'clock' })).head).toMatch(/\r\nallow: GET, POST, DELETE\r\n/);
});

test('taken are the own origin, each name of this machine, and a type with parameters', async () => {
  const { platformUrl } = harness.mock;
  const { port } = new URL(platformUrl);
  expect((await call({ headers: { origin: platformUrl } })).status).toBe(200);
  expect((await call({ headers: { host: `localhost:${port}`, origin: `http://localhost:${port}` } })).status).toBe(200);
  expect((await call({ headers: { authorization: `bearer  ${harness.mock.controlToken}` } })).status).toBe(200);
  const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
  expect((await call({ method: 'POST', path: 'queue', body: '{"answer":{}}', headers })).status).toBe(201);
});

test('what is refused changes nothing', async () => {
  await call({ method: 'DELETE', path: 'clock', headers: { authorization: 'Bearer wrong' } });
  await call({ method: 'POST', path: 'rules', body: '{"answer":{"status":1}}' });
  await call({ method: 'POST', path: 'queue', body: '{"answer":{"status":500}}', headers: { origin: 'https://evil.example' } });
  expect((await call({})).json).toMatchObject({ rules: 0, queue: 0 });
});

test('neither the public listener nor the one for client certificates serves it', async () => {
  const { mtlsOrigin, authorityHost } = (await call({})).json;
  for (const origin of [authorityHost, mtlsOrigin]) {
    const { stdout } = await curl('-i', '-H', `Authorization: Bearer ${harness.mock.controlToken}`, `${origin}/__control/`);
    expect(String(stdout)).toMatch(/^HTTP\/1\.1 404 /);
  }
});

test('its requests are neither in the journal nor answered by rule', async () => {
  harness.mock.addRule({ answer: { status: 500 } });
  harness.mock.addRule({ match: { path: /__control/ }, answer: { fault: 'no-answer' } });
  expect((await call({})).json.journal).toEqual({ entries: 0, lastId: 0 });
  expect((await call({ headers: { authorization: undefined } })).status).toBe(401);
  expect(harness.mock.journal).toEqual([]);
});
