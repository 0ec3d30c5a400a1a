// Calls through a proxy: what it sees, what it may be, and what is said when it refuses.
import { createServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fixture } from '../../../test/support/certificates.ts';
import { startConnectProxy } from '../../../test/support/connect-proxy.ts';
import { startTlsServer } from '../../../test/support/tls-server.ts';
import { createApiCaller } from '../src/index.ts';
import { callerOf, rejectionOf, sendJson, startApi } from './support.ts';

test('every call goes through a tunnel, whose proxy sees no token, and whose password the API never sees', async () => {
  const api = await startApi((response) => sendJson(response, { ok: true }));
  const proxy = await startConnectProxy();
  const caller = callerOf(api, { proxy: `http://me:p%40ss@${proxy.host}` });
  expect(await caller.getJson('x')).toEqual({ ok: true });
  const authorization = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
  expect(proxy.asked).toEqual([{ target: new URL(api.origin).host, authorization }]);
  expect(api.received[0]?.headers).toMatchObject({ authorization: 'Bearer token-1' });
  expect(api.received[0]?.headers).not.toHaveProperty('proxy-authorization');
});

test('an API behind a proxy, and a proxy reached over TLS, are verified by the roots that were given', async () => {
  const api = await startTlsServer((response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  });
  const proxy = await startConnectProxy({ tls: true });
  const through = { proxy: `https://${proxy.host}`, maxAttempts: 1 };
  await callerOf(api, { ...through, ca: fixture('loopback.crt.pem') }).getJson('x');
  expect([api.received.length, proxy.asked.length]).toEqual([1, 1]);
  expect(await rejectionOf(callerOf(api, through).getJson('x'))).toMatchObject({ code: 'network', transient: false });
  const elsewhere = { origin: api.origin.replace('127.0.0.1', 'localhost') };
  expect(await rejectionOf(callerOf(elsewhere, { ...through, ca: fixture('loopback.crt.pem') }).getJson('x'))).toMatchObject({
    code: 'network',
    transient: false,
  });
  expect(api.received).toHaveLength(1);
});

test('the environment counts when it is asked for, and NO_PROXY names who is reached straight', async () => {
  const api = await startApi((response) => sendJson(response, {}));
  const proxy = await startConnectProxy();
  stubEnvironment({ HTTP_PROXY: `http://${proxy.host}` });
  await callerOf(api).getJson('x');
  expect(proxy.asked).toEqual([]);
  await callerOf(api, { proxy: 'env' }).getJson('x');
  expect(proxy.asked).toHaveLength(1);
  stubEnvironment({ HTTP_PROXY: `http://${proxy.host}`, NO_PROXY: 'example.com,127.0.0.1' });
  await callerOf(api, { proxy: 'env' }).getJson('x');
  expect(proxy.asked).toHaveLength(1);
});

test.each(['proxy:8080', 'socks5://marker:1', 'http://marker@proxy:1', 'http://a:%ffmarker@proxy:1', ''])(
  'the proxy "%s" is refused when the caller is made, given or in the environment, without being shown',
  (proxy) => {
    const refused = (words: string): object =>
      expect.objectContaining({
        code: 'invalid_configuration',
        message: expect.stringMatching(new RegExp(`^(?!.*marker)${words} is not`)),
      });
    const make = (option: string) => () =>
      createApiCaller({ baseUrl: 'https://api.example/', scope: 'x', tokens: async () => 'token-1', proxy: option });
    expect(make(proxy)).toThrowError(refused('The option proxy'));
    if (proxy === '') return;
    stubEnvironment({ HTTPS_PROXY: proxy });
    expect(make('env')).toThrowError(refused('HTTPS_PROXY'));
  },
);

test.each([
  [407, false, 'user and password'],
  [403, false, 'NO_PROXY'],
  [502, true, 'HTTP 502'],
])('a proxy that refuses with %d is told from the API behind it', async (status, transient, words) => {
  const proxy = await startConnectProxy({ answer: status });
  const caller = callerOf({ origin: 'https://api.example' }, { proxy: `http://${proxy.host}` });
  expect(await rejectionOf(caller.getJson('x'))).toMatchObject({
    code: 'network',
    transient,
    message: expect.stringMatching(new RegExp(`^The proxy refused.*${words}`)),
  });
});

test('a proxy that never answers is given up', async () => {
  const proxy = await startConnectProxy({ answer: 'silence' });
  const caller = callerOf({ origin: 'https://api.example' }, { proxy: `http://${proxy.host}`, attemptTimeoutMs: 100, maxAttempts: 1 });
  expect(await rejectionOf(caller.getJson('x'))).toMatchObject({ code: 'timeout' });
  await caller.close();
  await expect.poll(() => proxy.connections.size, { timeout: 10_000 }).toBe(0);
});

test('an answer with more header than Node takes is too large, and is not asked for again', async () => {
  const big = createServer((_, response) => response.writeHead(200, { filler: 'x'.repeat(40_000) }).end());
  await new Promise<void>((resolve) => big.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void big.close());
  let requests = 0;
  big.on('request', () => {
    requests += 1;
  });
  const { port } = big.address() as { port: number };
  const error = await rejectionOf(callerOf({ origin: `http://127.0.0.1:${port}` }).getJson('x'));
  expect([error, requests]).toEqual([expect.objectContaining({ code: 'too_large', transient: false }), 1]);
});

function stubEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) vi.stubEnv(name, variables[name]);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}
