import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { callerOf, rejectionOf, sendJson, startApi } from './support.ts';

type Head = Record<string, string>;
const JSON_HEAD: Head = { 'content-type': 'application/json' };

function answering(status: number, headers: Head, body: string | Uint8Array = ''): ReturnType<typeof startApi> {
  return startApi((response) => response.writeHead(status, headers).end(body));
}

describe('getJson reads', () => {
  test.each<[string, Head, string]>([
    ['application/json', JSON_HEAD, '{"a":[1,"é"]}'],
    [
      'a media type in capitals with parameters',
      { 'content-type': 'Application/JSON; odata.metadata=minimal; charset=UTF-8' },
      '{"a":[1,"é"]}',
    ],
    ['a type that ends in +json', { 'content-type': 'application/vnd.api+json' }, '{"a":[1,"é"]}'],
    ['a byte order mark', JSON_HEAD, '\ufeff{"a":[1,"é"]}'],
    ['an encoding that is none', { ...JSON_HEAD, 'content-encoding': 'identity' }, '{"a":[1,"é"]}'],
  ])('%s', async (_title, headers, body) => {
    const api = await answering(200, headers, body);
    expect(await callerOf(api).getJson('users')).toEqual({ a: [1, 'é'] });
  });

  test('nothing from a 204', async () => {
    const api = await answering(204, {});
    expect(await callerOf(api).getJson('users/1', { method: 'DELETE' })).toBeUndefined();
  });

  test('a body of exactly maxResponseBytes, and not one byte more', async () => {
    const api = await startApi((response, _index, { path }) =>
      response.writeHead(200, JSON_HEAD).end(path.includes('more') ? '"12345"' : '"1234"'),
    );
    const caller = callerOf(api, { maxResponseBytes: 6 });
    expect(await caller.getJson('users')).toBe('1234');
    expect(await rejectionOf(caller.getJson('more'))).toMatchObject({ code: 'too_large', transient: false });
  });
});

test('a body without end is given up at maxResponseBytes', async () => {
  let closed: () => void;
  const gone = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const api = await startApi((response) => {
    response.writeHead(200, JSON_HEAD).on('close', () => closed());
    const pump = (): void => {
      while (!response.destroyed && response.write(' '.repeat(65_536)));
      response.once('drain', pump);
    };
    pump();
  });
  expect(await rejectionOf(callerOf(api, { maxResponseBytes: 1_000_000 }).getJson('users'))).toMatchObject({
    code: 'too_large',
    message: `GET ${api.origin}/v1.0/users answered with more than 1000000 bytes; raise \`maxResponseBytes\` if that is right`,
  });
  await gone;
  expect(api.received).toHaveLength(1);
});

describe('an answer that is no JSON is an error with its status and request id, never a SyntaxError', () => {
  test.each<[string, Head, string | Uint8Array, string]>([
    ['truncated', JSON_HEAD, '{"secret":"SECRET', 'is not valid JSON'],
    ['empty', JSON_HEAD, '', 'is not valid JSON'],
    ['not UTF-8', JSON_HEAD, new Uint8Array([0x22, 0xff, 0x22]), 'is not valid JSON'],
    ['not compressed as it says', { ...JSON_HEAD, 'content-encoding': 'gzip' }, '{"a":1}', 'is not encoded as its Content-Encoding says'],
    ['HTML', { 'content-type': 'text/html' }, '<p>SECRET', 'is text/html, expected application/json'],
    ['of no type', {}, '{"a":1}', 'is of no declared type, expected application/json'],
    ['a type that only begins alike', { 'content-type': 'application/jsonp' }, '{}', 'is application/jsonp, expected application/json'],
    [
      'compressed unasked',
      { ...JSON_HEAD, 'content-encoding': 'deflate' },
      deflateSync('{"a":1}'),
      'is encoded as deflate, which was not asked for',
    ],
  ])('%s', async (_title, headers, body, problem) => {
    const api = await answering(200, { ...headers, 'request-id': '4c5d' }, body);
    const error = await rejectionOf(callerOf(api).getJson('users?sig=SECRET'));
    expect(error).toMatchObject({ name: 'ApiResponseError', code: 'response_error', status: 200, requestId: '4c5d', transient: false });
    expect((error as Error).message).toBe(`GET ${api.origin}/v1.0/users answered 200, and the body ${problem}, request id 4c5d`);
  });
});

describe('a refusal becomes an error with', () => {
  test('GR-05: the code, message and request id of an OData error', async () => {
    const body = { error: { code: 'Request_ResourceNotFound', message: 'No such\r\nuser.', innerError: { 'request-id': 'inner' } } };
    const api = await startApi((response) => sendJson(response, body, 404, { 'request-id': 'a1b2', 'x-ms-request-id': 'other' }));
    const error = await rejectionOf(callerOf(api).getJson('users/42?$select=SECRET'));
    expect({ ...(error as object) }).toEqual({
      name: 'ApiResponseError',
      code: 'response_error',
      transient: false,
      status: 404,
      method: 'GET',
      path: '/v1.0/users/42',
      requestId: 'a1b2',
      apiCode: 'Request_ResourceNotFound',
      apiMessage: 'No such user.',
    });
    expect((error as Error).message).toBe(
      `GET ${api.origin}/v1.0/users/42 answered 404 (Request_ResourceNotFound: No such user.), request id a1b2`,
    );
  });

  test.each<[string, object | string, object]>([
    [
      'problem details',
      { type: 'https://api.example/out-of-credit', title: 'No credit', detail: 'Balance is 30.' },
      { apiCode: 'https://api.example/out-of-credit', apiMessage: 'Balance is 30.' },
    ],
    ['problem details with a title alone', { type: 'about:blank', title: 'Forbidden' }, { apiMessage: 'Forbidden' }],
    ['an OData error without a code', { error: { code: '', message: 'Denied' } }, { apiMessage: 'Denied' }],
    ['an error that is text', { error: 'denied' }, {}],
    ['values of other types', { error: { code: 5, message: { value: 'x' } } }, {}],
    ['null', 'null', {}],
    ['HTML', '<h1>Bad Gateway</h1>', {}],
    ['nothing', '', {}],
    ['more than 64 KiB', { error: { code: 'x'.repeat(70_000) } }, {}],
  ])('what can be read of %s', async (_title, body, expected) => {
    const api = await answering(403, JSON_HEAD, typeof body === 'string' ? body : JSON.stringify(body));
    const error = await rejectionOf(callerOf(api).getJson('users'));
    const { apiCode, apiMessage } = error as { apiCode?: string; apiMessage?: string };
    expect({ ...(apiCode === undefined ? {} : { apiCode }), ...(apiMessage === undefined ? {} : { apiMessage }) }).toEqual(expected);
    expect(error).toMatchObject({ code: 'response_error', status: 403, transient: false });
  });

  test('at most 1,000 characters of what the API says', async () => {
    const api = await answering(400, JSON_HEAD, JSON.stringify({ error: { code: 'x', message: 'y'.repeat(5000) } }));
    expect(await rejectionOf(callerOf(api).getJson('users'))).toMatchObject({ apiMessage: `${'y'.repeat(1000)}…` });
  });

  test.each([408, 429, 500, 502, 503, 504])('transient: true for %i', async (status) => {
    const api = await answering(status, JSON_HEAD, '{}');
    expect(await rejectionOf(callerOf(api).getJson('users'))).toMatchObject({ status, transient: true });
  });

  test.each([
    [401, 'check that `scope` names this API'],
    [403, 'check the application roles it was granted'],
  ])('advice for %i', async (status, advice) => {
    const api = await answering(status, JSON_HEAD, '{}');
    expect(await rejectionOf(callerOf(api).getJson('users'))).toMatchObject({ message: expect.stringContaining(advice) });
  });

  test('a date ten years from now, if Retry-After lies beyond it', async () => {
    const api = await answering(503, { 'retry-after': '999999999999999' });
    const nowMs = Date.UTC(2026, 10, 23);
    const error = await rejectionOf(callerOf(api, { now: () => nowMs }).getJson('users'));
    expect(error).toMatchObject({ status: 503, retryAtMs: nowMs + 315_360_000_000 });
  });

  test('the status, even if the connection is lost before the body ends', async () => {
    const api = await startApi((response) => response.writeHead(404, { 'content-length': '100' }).write('{', () => response.destroy()));
    expect(await rejectionOf(callerOf(api).getJson('users'))).toMatchObject({ code: 'response_error', status: 404 });
    expect(api.received).toHaveLength(1);
  });
});

describe('a compressed answer', () => {
  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('in %s is decoded', async (encoding, compress) => {
    const api = await answering(200, { ...JSON_HEAD, 'content-encoding': encoding }, compress('{"a":1}'));
    expect(await callerOf(api).getJson('users')).toEqual({ a: 1 });
    expect(api.received[0]?.headers['accept-encoding']).toBe('gzip, br');
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('in %s that grows beyond the bound is given up', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(5_000_000));
    expect(bomb.length).toBeLessThan(10_000);
    const api = await answering(200, { ...JSON_HEAD, 'content-encoding': encoding }, bomb);
    expect(await rejectionOf(callerOf(api, { maxResponseBytes: 10_000 }).getJson('users'))).toMatchObject({ code: 'too_large' });
  });
});

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])(
    '(%i) to an origin that was not declared is refused, and its target gets nothing',
    async (status) => {
      const target = await startApi((response) => sendJson(response, {}));
      const api = await answering(status, { location: `${target.origin}/users?sig=SECRET` });
      expect(await rejectionOf(callerOf(api).getJson('users'))).toMatchObject({
        code: 'redirect_refused',
        transient: false,
        message: `GET ${api.origin}/v1.0/users was redirected (${status}) to ${target.origin}, where this call does not go; call the right URL, or declare its origin in \`origins\``,
      });
      expect([api.received.length, target.received.length]).toEqual([1, 0]);
    },
  );

  test('without a Location, and a 304 with one, are refusals like others', async () => {
    expect(await rejectionOf(callerOf(await answering(302, {})).getJson('users'))).toMatchObject({ code: 'response_error', status: 302 });
    expect(await rejectionOf(callerOf(await answering(304, { location: '/x' })).getJson('users'))).toMatchObject({
      code: 'response_error',
      status: 304,
    });
  });
});
