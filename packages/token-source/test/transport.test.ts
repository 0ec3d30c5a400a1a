// The connections of a token source: how safe they are at least, and that they hold up nobody.
import { expect, onTestFinished, test, vi } from 'vitest';
import { fixture } from '../../../test/support/certificates.ts';
import { bundleProgram, startProgram } from '../../../test/support/program.ts';
import { startConnectProxy } from './connect-proxy.ts';
import { get, openTransport } from './send.ts';
import { startTlsServer } from './tls-server.ts';

test('CC-07: a server is verified whatever the environment says', async () => {
  const server = await startTlsServer();
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  await expect(openTransport({ ca: undefined }).send(get(server.origin))).rejects.toMatchObject({ code: 'network', transient: false });
  expect(server.received).toEqual([]);
});

test('CC-07: nothing older than TLS 1.2 is spoken', async () => {
  const old = await startTlsServer(undefined, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' });
  await expect(openTransport().send(get(old.origin))).rejects.toMatchObject({ code: 'network' });
  const usual = await startTlsServer(undefined, { maxVersion: 'TLSv1.2' });
  await openTransport().send(get(usual.origin));
  expect([old, usual].map(({ received }) => received.map(({ tlsVersion }) => tlsVersion))).toEqual([[], ['TLSv1.2']]);
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
])('a program ends at once although its request, over %s, has no answer yet', async (_, { http2 = false, proxied = false }) => {
  const server = await startTlsServer((response, { url }) => url === '/answered' && response.end());
  const proxy = proxied && `http://${(await startConnectProxy()).host}`;
  const program = await bundleProgram(`
    import { createTransport } from './packages/token-source/src/transport/transport.ts';
    import { createUndiciWire } from './packages/token-source/src/transport/undici-wire.ts';
    const wire = createUndiciWire({ ca: [process.env.ROOT], connectTimeoutMs: 600_000, http2: ${http2}, proxy: ${JSON.stringify(proxy || undefined)} });
    const transport = createTransport({ wire, now: Date.now });
    const get = (path) => transport.send(
      { url: '${server.origin}' + path, method: 'GET', headers: {}, signal: new AbortController().signal, timeoutMs: 600_000 });
    // Somebody waits for the first answer, and nobody for the second.
    const waiting = setInterval(() => {}, 1000);
    await get('/answered');
    clearInterval(waiting);
    get('/never').catch(() => {});
    process.stdin.once('data', () => process.stdin.destroy());`);
  const { child, outcome } = startProgram(program, { env: { ROOT: fixture('loopback.crt.pem') } });
  await expect.poll(() => server.received.length, { timeout: 10_000 }).toBe(2);
  child.stdin?.write('the request has arrived\n');
  expect(await outcome).toEqual({ code: 0, stdout: '', stderr: '' });
});
