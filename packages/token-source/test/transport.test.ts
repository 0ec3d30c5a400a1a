// The connections of a token source: how safe they are at least, and that they hold up nobody.
import tls from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fixture } from '../../../test/support/certificates.ts';
import { startConnectProxy } from '../../../test/support/connect-proxy.ts';
import { bundleProgram, startProgram } from '../../../test/support/program.ts';
import { startTlsServer } from '../../../test/support/tls-server.ts';
import { createFetchWire } from '../src/transport/fetch-wire.ts';
import { createTransport, type Transport } from '../src/transport/transport.ts';
import { get, openTransport } from './send.ts';

test('CC-07: a server is verified whatever the environment says', async () => {
  const server = await startTlsServer();
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  await expect(openTransport({ ca: undefined }).send(get(server.origin))).rejects.toMatchObject({ code: 'network', transient: false });
  expect(server.received).toEqual([]);
});

test('CC-07: nothing older than TLS 1.2 is spoken, whatever Node is told to take', async () => {
  const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = tls;
  onTestFinished(() => {
    Object.assign(tls, { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS });
  });
  Object.assign(tls, { DEFAULT_MIN_VERSION: 'TLSv1', DEFAULT_CIPHERS: 'DEFAULT:@SECLEVEL=0' });
  const [old, usual] = [
    await startTlsServer(undefined, { maxVersion: 'TLSv1.1' }),
    await startTlsServer(undefined, { maxVersion: 'TLSv1.2' }),
  ];
  await expect(openTransport().send(get(old.origin))).rejects.toMatchObject({ code: 'network' });
  await openTransport().send(get(usual.origin));
  expect([old, usual].map(({ received }) => received.map(({ tlsVersion }) => tlsVersion))).toEqual([[], ['TLSv1.2']]);
});

test('a request that is given up while undici is loaded makes no connection', async () => {
  const proxy = await startConnectProxy({ answer: 502 });
  const transport = openTransport({ proxy: `http://${proxy.host}` });
  const givenUp = new AbortController();
  const unsent = transport.send(get('https://unsent.example', { signal: givenUp.signal }));
  givenUp.abort(new Error('given up'));
  await expect(unsent).rejects.toThrowError('given up');
  await expect(transport.send(get('https://sent.example'))).rejects.toMatchObject({ code: 'network' });
  expect(proxy.asked.map(({ target }) => target)).toEqual(['sent.example:443']);
});

test.each<readonly [string, () => Transport]>([
  ['undici', () => openTransport()],
  ['a fetch that heeds no signal', () => createTransport({ wire: createFetchWire(() => new Promise(() => {})), now: Date.now })],
])('closing ends what %s has under way, and nothing is sent later', async (_, open) => {
  const server = await startTlsServer(() => {});
  const transport = open();
  const request = transport.send(get(`${server.origin}/?marker`));
  const ended = expect(request).rejects.toMatchObject({ code: 'closed', message: expect.not.stringContaining('marker') });
  await transport.close();
  await ended;
  await expect(transport.send(get(server.origin))).rejects.toMatchObject({ code: 'closed' });
  await transport.close();
});

test('closing while the body of a refusal is on its way is told as closing', async () => {
  let isRead = false;
  const body: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => {
      isRead = true;
      return { next: () => new Promise(() => {}) };
    },
  };
  const wire = { send: async () => ({ status: 400, headers: {}, body }), close: async () => {} };
  const transport = createTransport({ wire, now: Date.now });
  const ended = expect(transport.send(get('https://as.example'))).rejects.toMatchObject({ name: 'TokenSourceError', code: 'closed' });
  await expect.poll(() => isRead).toBe(true);
  await transport.close();
  await ended;
});

test.each([
  ['straight', false],
  ['through a proxy', true],
])('HTTP/2 is spoken on request alone, %s', async (_, proxied) => {
  const server = await startTlsServer();
  const proxy = proxied ? `http://${(await startConnectProxy()).host}` : undefined;
  for (const http2 of [false, true]) await openTransport({ http2, proxy }).send(get(server.origin));
  expect(server.received.map(({ httpVersion }) => httpVersion)).toEqual(['1.1', '2.0']);
});

test.each<readonly [string, { http2?: boolean; proxied?: boolean }]>([
  ['HTTP/1.1', {}],
  ['HTTP/2', { http2: true }],
  ['a tunnel', { proxied: true }],
  ['HTTP/2 in a tunnel', { http2: true, proxied: true }],
])('a program ends at once although its second request, over %s, has no answer yet', async (_, { http2 = false, proxied = false }) => {
  const server = await startTlsServer((response, { url }) => url === '/answered' && response.end());
  const proxy = proxied ? `http://${(await startConnectProxy()).host}` : undefined;
  const { child, outcome } = startProgram(await requesting(`${server.origin}/answered`, `${server.origin}/never`), {
    env: environmentOf({ http2, proxy }),
  });
  await expect.poll(() => server.received.length, { timeout: 10_000 }).toBe(2);
  child.stdin?.write('the request has arrived\n');
  expect(await outcome).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('a program ends at once although the proxy does not answer it', async () => {
  const proxy = await startConnectProxy({ answer: 'silence' });
  const { child, outcome } = startProgram(await requesting(undefined, 'https://login.example/'), {
    env: environmentOf({ http2: false, proxy: `http://${proxy.host}` }),
  });
  await expect.poll(() => proxy.asked.length, { timeout: 10_000 }).toBe(1);
  child.stdin?.write('the request has arrived\n');
  expect(await outcome).toEqual({ code: 0, stdout: '', stderr: '' });
});

/** A program that waits for the answer of the one URL, then asks the other one and waits for nothing but a line. */
function requesting(first: string | undefined, second: string): Promise<string> {
  return bundleProgram(`
    import { createTransport } from './packages/token-source/src/transport/transport.ts';
    import { createUndiciWire } from './packages/token-source/src/transport/undici-wire.ts';
    const { ROOT, HTTP2, PROXY } = process.env;
    const wire = createUndiciWire({ ca: [ROOT], connectTimeoutMs: 600_000, http2: HTTP2 === 'true', proxy: PROXY });
    const transport = createTransport({ wire, now: Date.now });
    const get = (url) =>
      transport.send({ url, method: 'GET', headers: {}, signal: new AbortController().signal, timeoutMs: 600_000 });
    const waiting = setInterval(() => {}, 1000);
    ${first === undefined ? '' : `await get('${first}');`}
    clearInterval(waiting);
    get('${second}').catch(() => {});
    process.stdin.once('data', () => process.stdin.destroy());`);
}

function environmentOf({ http2, proxy }: { http2: boolean; proxy: string | undefined }): Record<string, string> {
  return { ROOT: fixture('loopback.crt.pem'), HTTP2: String(http2), ...(proxy !== undefined && { PROXY: proxy }) };
}
