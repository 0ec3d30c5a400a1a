import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { Readable } from 'node:stream';
import { Agent, MockAgent } from 'undici';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { fixture } from '../../../test/support/certificates.ts';
import { callerOf, collect, deferred, rejectionOf, sendJson, startApi } from './support.ts';

const NOW_MS = Date.UTC(2026, 0, 1);

describe('an answer that asks to wait', () => {
  test.each([
    ['Retry-After in seconds', { 'retry-after': '7' }, 7000],
    ['a fraction of seconds', { 'retry-after': '2.128' }, 2128],
    [
      'a date, measured by the clock of the server',
      { 'retry-after': 'Thu, 01 Jan 2026 05:00:09 GMT', date: 'Thu, 01 Jan 2026 05:00:00 GMT' },
      9000,
    ],
    ['no time: half of the first second', {}, 500],
    ['a time nobody can read: likewise', { 'retry-after': 'soon' }, 500],
  ])('is obeyed: %s', async (_title, headers, expectedMs) => {
    const waits: number[] = [];
    const api = await startApi((response, index) =>
      index === 0 ? sendJson(response, {}, 429, headers) : sendJson(response, { value: 1 }),
    );
    const caller = callerOf(api, { now: () => NOW_MS, random: () => 0.5, sleep: async (ms) => void waits.push(ms) });
    expect(await caller.getJson('users')).toEqual({ value: 1 });
    expect([waits, api.received.length]).toEqual([[expectedMs], 2]);
  });

  test('longer than the call may last is final at once, and says when', async () => {
    const api = await startApi((response) => sendJson(response, {}, 503, { 'retry-after': '3600' }));
    const caller = callerOf(api, { now: () => NOW_MS, sleep: async () => expect.unreachable() });
    expect(await rejectionOf(caller.getJson('users'))).toMatchObject({
      status: 503,
      transient: true,
      retryAtMs: NOW_MS + 3_600_000,
      message: `GET ${api.origin}/v1.0/users answered 503; try again at 2026-01-01T01:00:00.000Z`,
    });
    const response = await caller.request('users');
    expect([response.statusCode, response.headers['retry-after'], await response.body.text()]).toEqual([503, '3600', '{}']);
    expect(api.received).toHaveLength(2);
  });
});

describe('attempts', () => {
  test('are three in all, for one token, and the last answer counts', async () => {
    const waits: number[] = [];
    const api = await startApi((response) => sendJson(response, { error: { code: 'busy', message: 'try later' } }, 503));
    let asked = 0;
    const caller = callerOf(api, {
      random: () => 0.5,
      sleep: async (ms) => void waits.push(ms),
      tokens: async () => `token-${++asked}`,
    });
    expect(await rejectionOf(caller.getJson('users'))).toMatchObject({
      message: `GET ${api.origin}/v1.0/users (attempt 3) answered 503 (busy: try later)`,
    });
    expect([waits, api.received.length, asked]).toEqual([[500, 1000], 3, 1]);
  });

  test('of a POST end with a bare 503 or a lost connection', async () => {
    const api = await startApi((response, index) => (index === 0 ? sendJson(response, {}, 503) : response.destroy()));
    const caller = callerOf(api);
    const response = await caller.request('users', { method: 'POST', body: '{}' });
    await response.body.dump();
    expect(response.statusCode).toBe(503);
    expect(await rejectionOf(caller.request('users', { method: 'POST', body: '{}' }))).toMatchObject({ code: 'network', transient: true });
    expect(api.received).toHaveLength(2);
  });

  test('follow a connection lost before the answer, or in the middle of it', async () => {
    const api = await startApi((response, index) => {
      if (index === 0) return response.destroy();
      if (index > 1) return sendJson(response, { value: 1 });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      return response.write('{"value":', () => response.destroy());
    });
    expect(await callerOf(api).getJson('users')).toEqual({ value: 1 });
    expect(api.received).toHaveLength(3);
  });

  test('that all fail end in an error with the code of the last, and no cause that might hold more', async () => {
    const api = await startApi((response) => response.destroy());
    const error = await rejectionOf(callerOf(api).request('users?sig=SECRET'));
    expect(error).toMatchObject({
      code: 'network',
      transient: true,
      message: `GET ${api.origin}/v1.0/users (attempt 3) lost its connection (UND_ERR_SOCKET)`,
    });
    expect(error).not.toHaveProperty('cause');
    expect(api.received).toHaveLength(3);
  });

  test('to a port nobody listens on fail alike', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.close();
    await once(server, 'close');
    expect(await rejectionOf(callerOf({ origin }).request(''))).toMatchObject({
      code: 'network',
      transient: true,
      message: `GET ${origin}/v1.0/ (attempt 3) lost its connection (ECONNREFUSED)`,
    });
  });

  test('that get no answer end by attemptTimeoutMs, and count', async () => {
    const api = await startApi(() => {});
    const caller = callerOf(api, { attemptTimeoutMs: 200, maxAttempts: 2 });
    expect(await rejectionOf(caller.getJson('users'))).toMatchObject({
      code: 'timeout',
      transient: true,
      message: `GET ${api.origin}/v1.0/users (attempt 2) timed out (UND_ERR_HEADERS_TIMEOUT)`,
    });
  });

  test('whose body falls silent end likewise', async () => {
    const api = await startApi((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"value":');
    });
    const caller = callerOf(api, { attemptTimeoutMs: 200, maxAttempts: 2 });
    expect(await rejectionOf(caller.getJson('users'))).toMatchObject({
      code: 'timeout',
      message: `GET ${api.origin}/v1.0/users (attempt 2) timed out (UND_ERR_BODY_TIMEOUT)`,
    });
  });
});

describe('the deadline of a call', () => {
  const dripping = (): ReturnType<typeof startApi> =>
    startApi((response, _index, { path }) => {
      response.writeHead(path.includes('missing') ? 404 : 200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drip));
    });

  test.each(['users', 'missing'])('ends a body that drips (%s)', async (path) => {
    const api = await dripping();
    expect(await rejectionOf(callerOf(api).getJson(path, { deadlineMs: 100 }))).toMatchObject({
      code: 'timeout',
      transient: true,
      message: `GET ${api.origin}/v1.0/${path} was not done within 100 ms`,
    });
  });

  test('ends a 401 whose body drips before it is renewed', async () => {
    const api = await startApi((response) => {
      const drip = setInterval(() => response.write(' '), 5);
      response.writeHead(401).on('close', () => clearInterval(drip));
    });
    let asked = 0;
    const caller = callerOf(api, { tokens: async () => `token-${++asked}` });
    expect(await rejectionOf(caller.request('users', { deadlineMs: 100 }))).toMatchObject({ code: 'timeout' });
    expect(api.received.filter(({ headers }) => headers.authorization !== 'Bearer token-1')).toEqual([]);
  });

  test('ends the wait for a token that never comes, and nothing is sent when it comes too late', async () => {
    const api = await startApi((response) => sendJson(response, {}));
    const token = deferred<string>();
    expect(await rejectionOf(callerOf(api, { tokens: () => token.promise }).request('users', { deadlineMs: 20 }))).toMatchObject({
      code: 'timeout',
    });
    token.resolve('too-late');
    await new Promise((resolve) => setImmediate(resolve));
    expect(api.received).toEqual([]);
  });

  test('ends a handshake that never finishes', async () => {
    const server = createTcpServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const caller = callerOf({ origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}` });
    expect(await rejectionOf(caller.request('users', { deadlineMs: 50 }))).toMatchObject({ code: 'timeout' });
  });

  test('ends a call that waits for its turn in a dispatcher of its caller, which then never sends it', async () => {
    const arrived = deferred<void>();
    const api = await startApi((response, index) => (index === 0 ? arrived.resolve() : sendJson(response, {})));
    const dispatcher = new Agent({ connections: 1, pipelining: 1 });
    onTestFinished(() => dispatcher.destroy());
    const caller = callerOf(api, { dispatcher });
    const controller = new AbortController();
    const first = rejectionOf(caller.request('first', { signal: controller.signal }));
    await arrived.promise;
    expect(await rejectionOf(caller.request('second', { deadlineMs: 20 }))).toMatchObject({ code: 'timeout' });
    controller.abort('enough');
    expect(await first).toBe('enough');
    await (await caller.request('third')).body.dump();
    expect(api.received.map(({ path }) => path)).toEqual(['/v1.0/first', '/v1.0/third']);
  });
});

describe("a caller's signal", () => {
  const reason = new Error('the operator pressed ^C');

  test('that is aborted already sends nothing and asks for nothing', async () => {
    const api = await startApi((response) => sendJson(response, {}));
    const caller = callerOf(api, { tokens: async () => expect.unreachable() });
    const signal = AbortSignal.abort(reason);
    expect(await rejectionOf(caller.request('users', { signal }))).toBe(reason);
    expect(await rejectionOf(caller.getJson('users', { signal }))).toBe(reason);
    expect(await rejectionOf(collect(caller.items('users', { signal })))).toBe(reason);
    expect(api.received).toEqual([]);
  });

  test('ends a wait for a token, for a connection, for an answer, for a body, and between attempts', async () => {
    const controllers = Array.from({ length: 5 }, () => new AbortController());
    const signals = controllers.map(({ signal }) => signal);
    const abort = (index: number): void => void setImmediate(() => controllers[index]?.abort(reason));

    const unfinished = createTcpServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(unfinished, 'listening');
    onTestFinished(() => void unfinished.close());
    unfinished.once('connection', () => abort(1));
    const silent = await startApi(() => abort(2));
    const dripping = await startApi((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('[');
      abort(3);
    });
    const busy = await startApi((response) => sendJson(response, {}, 429));
    const abortInTheWait = (): number => {
      abort(4);
      return 0.999;
    };
    abort(0);
    const rejections = await Promise.all([
      rejectionOf(callerOf(silent, { tokens: () => new Promise(() => {}) }).getJson('', { signal: signals[0] })),
      rejectionOf(
        callerOf({ origin: `https://127.0.0.1:${(unfinished.address() as AddressInfo).port}` }).getJson('', { signal: signals[1] }),
      ),
      rejectionOf(callerOf(silent).getJson('', { signal: signals[2] })),
      rejectionOf(callerOf(dripping).getJson('', { signal: signals[3] })),
      rejectionOf(callerOf(busy, { sleep: undefined, random: abortInTheWait }).getJson('', { signal: signals[4] })),
    ]);
    for (const rejection of rejections) expect(rejection).toBe(reason);
    expect([silent, dripping, busy].map(({ received }) => received.length)).toEqual([1, 1, 1]);
  });

  test('ends the body of a response that was handed out, and is let go once that body has ended', async () => {
    const api = await startApi((response, index) => (index === 0 ? void response.writeHead(200).write('some') : response.end('all of it')));
    const caller = callerOf(api);
    const controller = new AbortController();
    const listeners = countListeners(controller.signal);
    const response = await caller.request('users', { signal: controller.signal });
    expect(listeners()).toBe(1);
    controller.abort(reason);
    expect(await rejectionOf(response.body.text())).toBe(reason);

    const other = new AbortController();
    const open = countListeners(other.signal);
    const { body } = await caller.request('users', { signal: other.signal });
    expect(open()).toBe(1);
    await body.dump();
    expect(open()).toBe(0);
  });

  test('shared by a hundred calls gets one listener, and none is left behind', async () => {
    const warnings: unknown[] = [];
    const warned = (warning: unknown): unknown => warnings.push(warning);
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));
    const api = await startApi((response, _index, { method }) =>
      method === 'DELETE' ? response.writeHead(204).end() : sendJson(response, {}),
    );
    const caller = callerOf(api);
    const { signal } = new AbortController();
    const listeners = countListeners(signal);
    let most = 0;
    const tokens = async (): Promise<string> => {
      most = Math.max(most, listeners());
      return 'token-1';
    };
    const other = callerOf(api, { tokens });
    await Promise.all(Array.from({ length: 100 }, () => other.getJson('users', { signal })));
    expect([most, listeners()]).toEqual([1, 0]);
    // Nobody reads the body of a 204.
    await caller.request('users/1', { method: 'DELETE', signal });
    expect(listeners()).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  });
});

test('aborted at any moment, a walk over pages rejects with the reason or ends, and nothing else comes loose', async () => {
  const api = await startApi((response, index) => {
    if (index % 4 === 1) return sendJson(response, {}, 503);
    if (index % 4 === 2) return sendJson(response, {}, 401);
    return sendJson(response, { value: [index], ...(index % 4 === 3 ? {} : { '@odata.nextLink': `users?page=${index}` }) });
  });
  let asked = 0;
  const tokens = async (): Promise<string> => `token-${++asked}`;
  for (let turns = 0; turns < 60; turns += 1) {
    const controller = new AbortController();
    const caller = callerOf(api, { tokens });
    const walk = collect(caller.items('users', { signal: controller.signal })).catch((error: unknown) => error);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    controller.abort('enough');
    expect([true, 'enough']).toContain(Array.isArray(await walk) || (await walk));
    await caller.close();
  }
  await expect.poll(() => api.connections()).toBe(0);
});

describe('a body', () => {
  test.each<[string, { body: () => AsyncIterable<Uint8Array> | NodeJS.ReadableStream }]>([
    [
      'an async iterable',
      {
        body: async function* () {
          yield Buffer.from('some ');
          yield Buffer.from('bytes');
        },
      },
    ],
    ['a stream', { body: () => Readable.from([Buffer.from('some '), Buffer.from('bytes')]) }],
  ])('given as %s is opened for every attempt', async (_title, { body }) => {
    const api = await startApi((response, index) => sendJson(response, {}, index < 2 ? 503 : 200));
    await callerOf(api).getJson('files/1', { method: 'PUT', body });
    expect(api.received.map((received) => received.body)).toEqual(['some bytes', 'some bytes', 'some bytes']);
  });

  test.each([
    ['text', '{"a":1}', '{"a":1}', undefined],
    ['bytes', Buffer.from('{"a":1}'), '{"a":1}', undefined],
    ['form fields', new URLSearchParams({ a: '1', b: 'x y' }), 'a=1&b=x+y', 'application/x-www-form-urlencoded;charset=UTF-8'],
  ])('given as %s arrives as it is', async (_title, body, expected, type) => {
    const api = await startApi((response) => sendJson(response, {}));
    await callerOf(api).getJson('users', { method: 'post', body });
    expect(api.received.map(({ method, body, headers }) => [method, body, headers['content-type']])).toEqual([['POST', expected, type]]);
  });

  test('that fails by itself ends the call with its own error, unchanged and unrepeated', async () => {
    const api = await startApi((response) => sendJson(response, {}));
    const failure = new Error('disk gone');
    const caller = callerOf(api);
    let opened = 0;
    const failing = (): AsyncIterable<Uint8Array> => {
      opened += 1;
      return (async function* () {
        yield Buffer.from('some ');
        throw failure;
      })();
    };
    expect(await rejectionOf(caller.request('files/1', { method: 'PUT', body: failing }))).toBe(failure);
    expect(opened).toBe(1);
    const unopened = (): never => {
      throw failure;
    };
    expect(await rejectionOf(caller.request('files/1', { method: 'PUT', body: unopened }))).toBe(failure);
  });

  test.each([[{ a: 1 }], [42], [null]])('cannot be %j', async (body) => {
    const api = await startApi((response) => sendJson(response, {}));
    expect(await rejectionOf(callerOf(api).request('users', { method: 'POST', body: body as never }))).toMatchObject({
      code: 'invalid_configuration',
    });
    expect(api.received).toEqual([]);
  });
});

describe('a request', () => {
  test.each([
    [{ $filter: "name eq 'a & b'", $top: 5, flag: true }, '?$filter=name%20eq%20%27a%20%26%20b%27&$top=5&flag=true'],
    [{ q: 'a+b=c#d?é' }, '?q=a%2Bb%3Dc%23d%3F%C3%A9'],
    [{}, ''],
  ])('has the query %j as %s', async (query, expected) => {
    const api = await startApi((response) => sendJson(response, {}));
    const caller = callerOf(api);
    await caller.getJson('users', { query });
    await caller.getJson('users?$select=id', { query });
    expect(api.received.map(({ path }) => path)).toEqual([`/v1.0/users${expected}`, `/v1.0/users?$select=id${expected.replace('?', '&')}`]);
  });

  test.each(['CONNECT', 'trace', 'GET /', ''])('cannot have the method %j', async (method) => {
    const api = await startApi((response) => sendJson(response, {}));
    expect(await rejectionOf(callerOf(api).request('users', { method }))).toMatchObject({ code: 'invalid_configuration' });
    expect(await rejectionOf(callerOf(api).request('users', { deadlineMs: 0 }))).toMatchObject({ code: 'invalid_configuration' });
    expect(api.received).toEqual([]);
  });

  test('resolves with any status, and so with a redirect that is not followed: its target gets nothing', async () => {
    const target = await startApi((response) => sendJson(response, {}));
    const api = await startApi((response) => response.writeHead(307, { location: `${target.origin}/users` }).end());
    const response = await callerOf(api).request('users');
    await response.body.dump();
    expect([response.statusCode, response.headers['location']]).toEqual([307, `${target.origin}/users`]);
    expect([api.received.length, target.received.length]).toEqual([1, 0]);
  });
});

describe('TLS', () => {
  const start = async (): Promise<string> => {
    const server = createTlsServer({ key: fixture('loopback.key.pem'), cert: fixture('loopback.crt.pem') }, (_request, response) =>
      sendJson(response, { value: 1 }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  test('trusts the authorities of `ca`', async () => {
    const origin = await start();
    expect(await callerOf({ origin }, { ca: fixture('loopback.crt.pem'), allowHttpLoopback: false }).getJson('users')).toEqual({
      value: 1,
    });
    expect(await callerOf({ origin }, { ca: [fixture('loopback.crt.pem')] }).getJson('users')).toEqual({ value: 1 });
  });

  test('is verified whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    expect(await rejectionOf(callerOf({ origin: await start() }).request('users'))).toMatchObject({ code: 'network', transient: false });
  });

  test('that is never spoken ends by attemptTimeoutMs', async () => {
    const silent = createTcpServer(() => {});
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => {
      silent.close();
    });
    const origin = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const caller = callerOf({ origin }, { attemptTimeoutMs: 100, maxAttempts: 1, deadlineMs: 600_000 });
    expect(await rejectionOf(caller.request('users'))).toMatchObject({ code: 'timeout', transient: true });
  });

  test('refuses a certificate nobody vouches for, at once', async () => {
    const origin = await start();
    const error = {
      code: 'network',
      transient: false,
      message: `PUT ${origin}/v1.0/users failed (DEPTH_ZERO_SELF_SIGNED_CERT); check the server's certificate and \`ca\``,
    };
    expect(await rejectionOf(callerOf({ origin }).request('users', { method: 'PUT' }))).toMatchObject(error);
    expect(await rejectionOf(callerOf({ origin }).request('users', { method: 'PUT', body: () => Readable.from(['x']) }))).toMatchObject(
      error,
    );
  });
});

describe('close', () => {
  test('ends calls in flight, refuses later ones, and may be called again', async () => {
    const arrived = deferred<void>();
    const api = await startApi(() => arrived.resolve());
    const caller = callerOf(api);
    const call = rejectionOf(caller.getJson('users'));
    await arrived.promise;
    await caller.close();
    const closed = { code: 'closed', transient: false, message: 'This API caller is closed; create another one' };
    expect(await call).toMatchObject(closed);
    expect(await rejectionOf(caller.request('users'))).toMatchObject(closed);
    expect(await rejectionOf(collect(caller.items('users')))).toMatchObject(closed);
    await caller.close();
    await caller[Symbol.asyncDispose]();
  });

  test('leaves a dispatcher of its caller open', async () => {
    const api = await startApi((response) => sendJson(response, {}));
    const dispatcher = new Agent();
    onTestFinished(() => dispatcher.destroy());
    await callerOf(api, { dispatcher }).close();
    expect(dispatcher.closed).toBe(false);
    await callerOf(api, { dispatcher }).getJson('users');
    await dispatcher.close();
    expect(await rejectionOf(callerOf(api, { dispatcher }).getJson('users'))).toMatchObject({
      code: 'closed',
      message: expect.stringContaining('its dispatcher is closed'),
    });
  });
});

test('the error of a dispatcher that quotes the request is not passed on', async () => {
  const dispatcher = new MockAgent();
  dispatcher.disableNetConnect();
  onTestFinished(() => dispatcher.close());
  const error = await rejectionOf(callerOf({ origin: 'https://api.example' }, { dispatcher }).request('users'));
  expect(error).toMatchObject({
    code: 'network',
    transient: false,
    message: 'GET https://api.example/v1.0/users failed (UND_MOCK_ERR_MOCK_NOT_MATCHED)',
  });
});

/** Listeners a signal has now, counted at the signal itself. */
function countListeners(signal: AbortSignal): () => number {
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...given: Parameters<AbortSignal['addEventListener']>) => {
    listeners += 1;
    addEventListener.apply(signal, given);
  };
  signal.removeEventListener = (...given: Parameters<AbortSignal['removeEventListener']>) => {
    listeners -= 1;
    removeEventListener.apply(signal, given);
  };
  return () => listeners;
}
