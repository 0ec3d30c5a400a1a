/** The standard's `fetch` over the engine: what goes out, what comes back, and what it refuses. */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { callerOf, rejectionOf, sendJson, startApi } from './support.ts';

test('BR-01: a request goes out with the token in its one header, and comes back as a real Response', async () => {
  const api = await startApi((response) => response.writeHead(200, { 'content-type': 'text/plain', 'x-one': '1' }).end('hello'));
  const { fetch } = callerOf(api);
  const response = await fetch(`${api.origin}/v1.0/users?$top=2#top`);
  expect(response).toBeInstanceOf(Response);
  expect([response.status, response.ok, response.headers.get('x-one'), response.url, response.redirected]).toEqual([
    200,
    true,
    '1',
    `${api.origin}/v1.0/users?$top=2`,
    false,
  ]);
  expect(await response.text()).toBe('hello');
  expect(api.received[0]).toMatchObject({ method: 'GET', path: '/v1.0/users?$top=2', headers: { authorization: 'Bearer token-1' } });
});

test('a path, a URL and a Request are taken alike', async () => {
  const api = await startApi((response) => sendJson(response, {}));
  const { fetch } = callerOf(api);
  await fetch('users');
  await fetch(new URL(`${api.origin}/v1.0/users`));
  await fetch(new Request(`${api.origin}/v1.0/users`, { method: 'PUT', headers: { 'x-two': '2' }, body: 'text' }));
  expect(api.received.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['GET', '/v1.0/users', ''],
    ['GET', '/v1.0/users', ''],
    ['PUT', '/v1.0/users', 'text'],
  ]);
  expect(api.received[2]?.headers).toMatchObject({ 'x-two': '2', 'content-type': 'text/plain;charset=UTF-8' });
});

test.for([
  ['gzip', gzipSync('{"a":1}')],
  ['br', brotliCompressSync('{"a":1}')],
] as const)('a body in %s is decoded, and the head no longer speaks of it', async ([encoding, bytes]) => {
  const api = await startApi((response) =>
    response.writeHead(200, { 'content-encoding': encoding, 'content-length': bytes.length }).end(bytes),
  );
  const response = await callerOf(api).fetch('x');
  expect([await response.json(), response.headers.get('content-encoding'), response.headers.get('content-length')]).toEqual([
    { a: 1 },
    null,
    null,
  ]);
  expect(api.received[0]?.headers['accept-encoding']).toBe('gzip, br');
});

test('a body that grows beyond the bound while it is decoded ends with an error', async () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000));
  const api = await startApi((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
  const response = await callerOf(api, { maxResponseBytes: 100_000 }).fetch('x');
  expect(bomb.length).toBeLessThan(100_000);
  expect(await rejectionOf(response.arrayBuffer())).toMatchObject({ code: 'too_large' });
});

test('an encoding that was not asked for is refused', async () => {
  const api = await startApi((response) => response.writeHead(200, { 'content-encoding': 'deflate, gzip' }).end('x'));
  expect(await rejectionOf(callerOf(api).fetch('x'))).toMatchObject({ code: 'response_error', status: 200 });
});

test.for([204, 205, 304])('a %i has no body', async (status) => {
  const api = await startApi((response) => response.writeHead(status).end());
  const response = await callerOf(api).fetch('x');
  expect([response.status, response.body]).toEqual([status, null]);
});

test('an answer of any other status is handed out as well', async () => {
  const api = await startApi((response) => sendJson(response, { error: {} }, 404));
  const response = await callerOf(api).fetch('x');
  expect([response.status, response.ok, await response.json()]).toEqual([404, false, { error: {} }]);
});

describe('a body', () => {
  test('of bytes, a form or a file is whole, and is sent again after a 503', async () => {
    const api = await startApi((response, index) => (index % 2 === 0 ? response.writeHead(503).end() : sendJson(response, {})));
    const { fetch } = callerOf(api);
    const form = new FormData();
    form.set('name', 'value');
    for (const body of [new Uint8Array([65, 66]), new Blob(['AB'], { type: 'text/csv' }), new Uint8Array([65, 66]).buffer, form]) {
      expect((await fetch('x', { method: 'PUT', body })).status).toBe(200);
    }
    const bodies = api.received.map(({ body }) => body);
    expect(bodies.slice(0, 6)).toEqual(['AB', 'AB', 'AB', 'AB', 'AB', 'AB']);
    expect(bodies[7]).toBe(bodies[6]);
    expect(bodies[7]).toContain('name="name"\r\n\r\nvalue');
    expect(api.received[3]?.headers['content-type']).toBe('text/csv');
    expect(api.received[7]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  });

  test('that is a stream is sent once, whatever the answer', async () => {
    const api = await startApi((response) => response.writeHead(503).end());
    const stream = new Blob(['once']).stream();
    const response = await callerOf(api).fetch('x', { method: 'PUT', body: stream, duplex: 'half' });
    expect([response.status, api.received.map(({ body }) => body)]).toEqual([503, ['once']]);
  });
});

describe('headers', () => {
  test('that are the sender’s own are dropped, as the standard has it', async () => {
    const api = await startApi((response) => sendJson(response, {}));
    await callerOf(api).fetch('x', { headers: { Host: 'evil.test', Connection: 'close', 'Content-Length': '99' } });
    expect(api.received[0]?.headers).toMatchObject({ host: new URL(api.origin).host, connection: 'keep-alive' });
  });

  test.for(['authorization', 'Cookie', 'DPoP'])('that carry credentials (%s) are refused before anything is sent', async (name) => {
    const api = await startApi((response) => sendJson(response, {}));
    expect(await rejectionOf(callerOf(api).fetch('x', { headers: { [name]: 'mine' } }))).toMatchObject({ code: 'reserved_header' });
    expect(api.received).toEqual([]);
  });
});

describe('a redirect', () => {
  const redirecting = () =>
    startApi((response, index) => (index === 0 ? response.writeHead(302, { location: '/v1.0/new' }).end() : sendJson(response, {})));

  test('within the origin is followed', async () => {
    const api = await redirecting();
    const response = await callerOf(api).fetch('old');
    expect([response.status, response.url, response.redirected]).toEqual([200, `${api.origin}/v1.0/new`, true]);
  });

  test('is handed out with `manual`', async () => {
    const api = await redirecting();
    const response = await callerOf(api).fetch('old', { redirect: 'manual' });
    expect([response.status, response.headers.get('location'), api.received.length]).toEqual([302, '/v1.0/new', 1]);
  });

  test('is an error with `error`', async () => {
    const api = await redirecting();
    expect(await rejectionOf(callerOf(api).fetch('old', { redirect: 'error' }))).toMatchObject({ code: 'redirect_refused' });
    expect(api.received).toHaveLength(1);
  });

  test('to another origin is handed out and its target gets nothing', async () => {
    const other = await startApi((response) => sendJson(response, {}));
    const api = await startApi((response) => response.writeHead(302, { location: `${other.origin}/x` }).end());
    expect((await callerOf(api).fetch('old')).status).toBe(302);
    expect(other.received).toEqual([]);
  });
});

test('the signal ends a body that is still arriving', async () => {
  const api = await startApi((response) => void response.writeHead(200).write('first'));
  const controller = new AbortController();
  const response = await callerOf(api).fetch('x', { signal: controller.signal });
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first');
  controller.abort(new Error('enough'));
  expect(await rejectionOf(reader?.read() ?? Promise.resolve())).toMatchObject({ message: 'enough' });
});
