/** The interceptor in a real undici dispatcher: every request gets a token, or does not leave. */
import { Readable } from 'node:stream';
import { Agent, type Dispatcher, interceptors, fetch as undiciFetch } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type BearerInterceptorOptions, bearerInterceptor, type TokenDemand } from '../../src/index.ts';
import { type Api, rejectionOf, sendJson, startApi } from '../support.ts';

function dispatcherOf(api: Pick<Api, 'origin'>, options: Partial<BearerInterceptorOptions> = {}): Dispatcher.ComposedDispatcher {
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  return agent.compose(
    bearerInterceptor({
      scope: 'https://api.example/.default',
      tokens: async () => 'token-1',
      origins: [api.origin],
      allowHttpLoopback: true,
      ...options,
    }),
  );
}

/** Gives `token-1`, `token-2` and so on, a new one for each that was rejected; and says what it was told. */
function renewing(): { tokens: BearerInterceptorOptions['tokens']; told: Partial<TokenDemand>[] } {
  const told: Partial<TokenDemand>[] = [];
  let count = 1;
  const tokens = async (_scope: string, { deadlineAtMs: _deadlineAtMs, ...demand }: TokenDemand): Promise<string> => {
    told.push(demand);
    if (demand.rejectedToken !== undefined) count += 1;
    return `token-${count}`;
  };
  return { tokens, told };
}

const accepting = (token: string): Promise<Api> =>
  startApi((response, _index, { headers }) =>
    headers.authorization === `Bearer ${token}` ? sendJson(response, { ok: true }) : sendJson(response, { refused: true }, 401),
  );

test('a request goes out with the token, and its headers in whatever form', async () => {
  const api = await startApi((response) => sendJson(response, { ok: true }));
  const dispatcher = dispatcherOf(api);
  const forms: NonNullable<Dispatcher.RequestOptions['headers']>[] = [
    { 'X-One': '1' },
    ['X-One', '1'],
    new Headers({ 'x-one': '1' }) as unknown as Iterable<[string, string]>,
    new Map([['X-One', '1']]),
  ];
  for (const headers of forms) {
    const { statusCode, body } = await dispatcher.request({ origin: api.origin, path: '/x?a=1', method: 'GET', headers });
    expect([statusCode, await body.json()]).toEqual([200, { ok: true }]);
  }
  expect(api.received.map(({ path, headers }) => [path, headers['x-one'], headers.authorization])).toEqual(
    Array(4).fill(['/x?a=1', '1', 'Bearer token-1']),
  );
});

test('the fetch of undici works through it', async () => {
  const api = await accepting('token-2');
  const response = await undiciFetch(`${api.origin}/x`, { dispatcher: dispatcherOf(api, { tokens: renewing().tokens }) });
  expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
});

describe('after a 401', () => {
  test('another token is asked for, and the request sent once more with its body', async () => {
    const api = await accepting('token-2');
    const { tokens, told } = renewing();
    const { statusCode, body } = await dispatcherOf(api, { tokens }).request({
      origin: api.origin,
      path: '/x',
      method: 'PUT',
      body: 'text',
    });
    expect([statusCode, await body.json(), told]).toEqual([200, { ok: true }, [{}, { rejectedToken: 'token-1' }]]);
    expect(api.received.map(({ body: sent }) => sent)).toEqual(['text', 'text']);
  });

  test('with a claims challenge the claims are asked for', async () => {
    const challenge = `Bearer error="insufficient_claims", claims="${Buffer.from('{"access_token":{}}').toString('base64')}"`;
    const api = await startApi((response) => response.writeHead(401, { 'www-authenticate': challenge }).end());
    const { tokens, told } = renewing();
    const { statusCode } = await dispatcherOf(api, { tokens }).request({ origin: api.origin, path: '/x', method: 'GET' });
    expect([statusCode, told[1], api.received.length]).toEqual([401, { rejectedToken: 'token-1', claims: '{"access_token":{}}' }, 2]);
  });

  test('a second one is handed on whole', async () => {
    const api = await accepting('never');
    const { statusCode, body } = await dispatcherOf(api, { tokens: renewing().tokens }).request({
      origin: api.origin,
      path: '/x',
      method: 'GET',
    });
    expect([statusCode, await body.json(), api.received.length]).toEqual([401, { refused: true }, 2]);
  });

  test('one is handed on whole if there is no other token', async () => {
    const api = await accepting('never');
    const { statusCode, body } = await dispatcherOf(api).request({ origin: api.origin, path: '/x', method: 'GET' });
    expect([statusCode, await body.json(), api.received.length]).toEqual([401, { refused: true }, 1]);
  });

  test('one that is larger than is held is handed on whole', async () => {
    const large = 'x'.repeat(1_000_000);
    const api = await startApi((response) => response.writeHead(401).end(large));
    const { statusCode, body } = await dispatcherOf(api, { tokens: renewing().tokens }).request({
      origin: api.origin,
      path: '/x',
      method: 'GET',
    });
    expect([statusCode, (await body.text()) === large, api.received.length]).toEqual([401, true, 1]);
  });

  test('a stream is not sent again', async () => {
    const api = await accepting('token-2');
    const body = Readable.from(['once']);
    const response = await dispatcherOf(api, { tokens: renewing().tokens }).request({
      origin: api.origin,
      path: '/x',
      method: 'POST',
      body,
    });
    expect([response.statusCode, api.received.length]).toEqual([401, 1]);
    await response.body.dump();
  });

  test('a failure of the provider is what the request fails with', async () => {
    const api = await accepting('token-2');
    let asked = 0;
    const tokens = async (): Promise<string> => {
      asked += 1;
      if (asked > 1) throw new Error('no more');
      return 'token-1';
    };
    const request = dispatcherOf(api, { tokens }).request({ origin: api.origin, path: '/x', method: 'GET' });
    expect(await rejectionOf(request)).toMatchObject({ message: 'no more' });
  });
});

describe('nothing leaves, and nobody is asked for a token', () => {
  const refused = async (request: (origin: string) => Dispatcher.RequestOptions): Promise<unknown> => {
    const api = await startApi((response) => sendJson(response, {}));
    const { tokens, told } = renewing();
    const error = await rejectionOf(dispatcherOf({ origin: 'https://api.example' }, { tokens }).request(request(api.origin)));
    expect([api.received, told]).toEqual([[], []]);
    return error;
  };

  test.for<[string, (origin: string) => Dispatcher.RequestOptions]>([
    ['to an origin that was not declared', (origin) => ({ origin, path: '/x', method: 'GET' })],
    ['to a host that only begins alike', () => ({ origin: 'https://api.example.evil.test', path: '/x', method: 'GET' })],
    ['with a path that names another host', () => ({ origin: 'https://api.example', path: '//evil.test/x', method: 'GET' })],
    ['without TLS', () => ({ origin: 'http://api.example', path: '/x', method: 'GET' })],
  ])('%s', async ([, request]) => {
    expect(await refused(request)).toMatchObject({ name: 'ApiCallerError', code: 'egress_refused' });
  });

  test.for(['Authorization', 'cookie', 'Proxy-Authorization', 'dpop'])('with %s of its own', async (name) => {
    const error = await refused(() => ({ origin: 'https://api.example', path: '/x', method: 'GET', headers: { [name]: 'mine' } }));
    expect(error).toMatchObject({ name: 'ApiCallerError', code: 'reserved_header' });
  });
});

test('behind a redirect the next origin is checked like the first', async () => {
  const other = await startApi((response) => sendJson(response, {}));
  const api = await startApi((response) => response.writeHead(302, { location: `${other.origin}/x` }).end());
  const dispatcher = dispatcherOf(api).compose(interceptors.redirect({ maxRedirections: 3 }));
  expect(await rejectionOf(dispatcher.request({ origin: api.origin, path: '/x', method: 'GET' }))).toMatchObject({
    code: 'egress_refused',
  });
  expect(other.received).toEqual([]);
});

test.for([
  ['scope', { scope: '' }],
  ['tokens', { tokens: 'token' as never }],
  ['origins', { origins: ['http://api.example'] }],
  ['origins', { origins: ['https://api.example/path'] }],
] as const)('a bad %s is refused at once', ([option, change]) => {
  const options = { scope: 's', tokens: async () => 't', origins: ['https://api.example'], ...change };
  expect(() => bearerInterceptor(options)).toThrow(
    expect.objectContaining({ code: 'invalid_configuration', message: expect.stringContaining(option) }),
  );
});
