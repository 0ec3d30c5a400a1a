// Requests through a proxy, past it, and what a proxy may be.

import { readProxy } from '@client-credentials/protocol';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startConnectProxy } from '../../../test/support/connect-proxy.ts';
import { startTlsServer } from '../../../test/support/tls-server.ts';
import { sendToken, startLoopback } from './loopback.ts';
import { get, openTransport } from './send.ts';

test('every request goes through a tunnel, with user and password for the proxy alone', async () => {
  const server = await startTlsServer();
  const proxy = await startConnectProxy();
  const transport = openTransport({ proxy: `http://me:p%40ss@${proxy.host}` });
  await transport.send(get(`${server.origin}/a`));
  const loopback = await startLoopback(sendToken);
  await transport.send(get(`${loopback.origin}/b`));
  const authorization = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
  expect(proxy.asked).toEqual([server, loopback].map(({ origin }) => ({ target: new URL(origin).host, authorization })));
  expect(loopback.received[0]?.headers).not.toHaveProperty('proxy-authorization');
});

test('a proxy may be reached over TLS, and is verified by the same roots', async () => {
  const server = await startTlsServer();
  const proxy = await startConnectProxy({ tls: true });
  await openTransport({ proxy: `https://${proxy.host}` }).send(get(server.origin));
  expect(server.received).toHaveLength(1);
  await expect(openTransport({ proxy: `https://${proxy.host}`, ca: undefined }).send(get(server.origin))).rejects.toMatchObject({
    code: 'network',
    transient: false,
  });
  expect(proxy.asked).toHaveLength(1);
});

test('a server behind a proxy is verified as any other', async () => {
  const server = await startTlsServer();
  const proxy = await startConnectProxy();
  const transport = openTransport({ proxy: `http://${proxy.host}` });
  const elsewhere = server.origin.replace('127.0.0.1', 'localhost');
  await expect(transport.send(get(elsewhere))).rejects.toMatchObject({ code: 'network', transient: false });
  expect(server.received).toEqual([]);
});

test('a request for this machine goes past the proxy, and one to a host of NO_PROXY too', async () => {
  const loopback = await startLoopback(sendToken);
  const proxy = await startConnectProxy();
  await openTransport({ proxy: `http://${proxy.host}` }).send(get(loopback.origin, { direct: true }));
  stubEnvironment({ HTTP_PROXY: `http://${proxy.host}`, NO_PROXY: 'example.com,127.0.0.1' });
  await openTransport({ proxy: 'env' }).send(get(loopback.origin));
  expect([loopback.received.length, proxy.asked.length]).toEqual([2, 0]);
});

test('the environment counts only when it is asked for, as it was when the transport was made', async () => {
  const loopback = await startLoopback(sendToken);
  const proxy = await startConnectProxy();
  stubEnvironment({ http_proxy: `http://${proxy.host}` });
  await openTransport().send(get(loopback.origin));
  expect(proxy.asked).toEqual([]);
  const transport = openTransport({ proxy: 'env' });
  stubEnvironment({ http_proxy: '', NO_PROXY: '*' });
  await transport.send(get(loopback.origin));
  expect(proxy.asked).toHaveLength(1);
});

test('lower case comes first, and what is empty counts as absent', () => {
  const environment = { http_proxy: '', HTTP_PROXY: 'http://a:1', https_proxy: 'http://b:2', HTTPS_PROXY: 'http://c:3', no_proxy: 'd' };
  const refuse = (message: string): Error => new Error(message);
  expect(readProxy('env', { environment, refuse })).toEqual({ httpProxy: 'http://a:1', httpsProxy: 'http://b:2', noProxy: 'd' });
  expect(readProxy('env', { environment: {}, refuse })).toEqual({ httpProxy: '', httpsProxy: '', noProxy: '' });
  expect(readProxy(undefined, { environment, refuse })).toBeUndefined();
});

test.each([
  'proxy:8080',
  'marker',
  'socks5://marker:1',
  'http://',
  'http://marker@proxy:1',
  'http://a:%ffmarker@proxy:1',
  'http://a:%marker@p:1',
  '',
])('the proxy "%s" is refused when the transport is made, without being shown', (proxy) => {
  const error = expect.objectContaining({
    code: 'invalid_configuration',
    message: expect.stringMatching(/^(?!.*marker)The option proxy is not/),
  });
  expect(() => openTransport({ proxy })).toThrowError(error);
});

test('a proxy of the environment that is none is named by its variable', () => {
  stubEnvironment({ HTTPS_PROXY: 'proxy:8080' });
  expect(() => openTransport({ proxy: 'env' })).toThrowError(/^HTTPS_PROXY is not the URL/);
});

test.each([
  [407, false, 'user and password'],
  [403, false, 'NO_PROXY'],
  [502, true, 'HTTP 502'],
])('a proxy that refuses with %d is told from the server behind it', async (status, transient, words) => {
  const proxy = await startConnectProxy({ answer: status });
  await expect(openTransport({ proxy: `http://${proxy.host}` }).send(get('https://login.example'))).rejects.toMatchObject({
    code: 'network',
    transient,
    message: expect.stringMatching(new RegExp(`^The proxy refused.*${words}`)),
  });
});

test('a proxy that never answers is given up, and its connection closed', async () => {
  const proxy = await startConnectProxy({ answer: 'silence' });
  const transport = openTransport({ proxy: `http://${proxy.host}`, connectTimeoutMs: 100 });
  await expect(transport.send(get('https://login.example', { timeoutMs: 100 }))).rejects.toMatchObject({ code: 'timeout' });
  await expect.poll(() => proxy.connections.size, { timeout: 10_000 }).toBe(0);
});

test('closing ends the tunnels', async () => {
  const server = await startTlsServer();
  const proxy = await startConnectProxy();
  const transport = openTransport({ proxy: `http://${proxy.host}` });
  await transport.send(get(server.origin));
  await transport.close();
  await expect.poll(() => [server.connections.size, proxy.connections.size]).toEqual([0, 0]);
});

function stubEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) vi.stubEnv(name, variables[name]);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}
