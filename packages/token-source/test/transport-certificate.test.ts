// What the connections of a token source show of the client, and to whom. RFC 8705.
import { Agent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { startConnectProxy } from '../../../test/support/connect-proxy.ts';
import { startTlsServer } from '../../../test/support/tls-server.ts';
import { createFetchWire } from '../src/transport/fetch-wire.ts';
import { createTransport } from '../src/transport/transport.ts';
import { get, identity, openTransport } from './send.ts';

test('MT-06: a certificate is shown by the requests that carry it, and by no other to the same server or another', async () => {
  const [server, other] = [await startTlsServer(), await startTlsServer()];
  const [rsa, p256] = [identity('rsa'), identity('p256')];
  const transport = openTransport();
  await transport.send(get(`${server.origin}/with`, { tls: rsa.tls }));
  await transport.send(get(`${server.origin}/without`));
  await transport.send(get(`${server.origin}/second`, { tls: p256.tls }));
  await transport.send(get(`${server.origin}/again`, { tls: rsa.tls }));
  await transport.send(get(`${other.origin}/metadata`));
  expect(server.received.map(({ path, certificate }) => [path, certificate])).toEqual([
    ['/with', rsa.shown],
    ['/without', undefined],
    ['/second', p256.shown],
    ['/again', rsa.shown],
  ]);
  expect(other.received.map(({ certificate }) => certificate)).toEqual([undefined]);
  expect(server.connections.size).toBe(3);
});

test('MT-06: through a proxy the server sees the certificate, and the proxy does not', async () => {
  const server = await startTlsServer();
  const proxy = await startConnectProxy({ tls: true });
  const { tls, shown } = identity('p256');
  await openTransport({ proxy: `https://${proxy.host}` }).send(get(server.origin, { tls }));
  expect(server.received).toMatchObject([{ certificate: shown }]);
  expect(proxy.asked).toHaveLength(1);
});

test('MT-06: a request for this machine goes past the proxy with its certificate, over connections of its own', async () => {
  const server = await startTlsServer();
  const proxy = await startConnectProxy();
  const { tls, shown } = identity('p256');
  const transport = openTransport({ proxy: `http://${proxy.host}` });
  await transport.send(get(`${server.origin}/direct`, { tls, direct: true }));
  expect([proxy.asked.length, server.connections.size]).toEqual([0, 1]);
  await transport.send(get(`${server.origin}/tunnelled`, { tls }));
  await transport.send(get(`${server.origin}/direct`, { tls, direct: true }));
  expect([proxy.asked.length, server.connections.size]).toEqual([1, 2]);
  expect(server.received.map(({ certificate }) => certificate)).toEqual([shown, shown, shown]);
  await transport.close();
  await expect.poll(() => [server.connections.size, proxy.connections.size]).toEqual([0, 0]);
});

test('a certificate renewed for the same key is shown over connections of its own', async () => {
  const server = await startTlsServer();
  const transport = openTransport();
  const { tls } = identity('p256');
  await transport.send(get(server.origin, { tls }));
  await transport.send(get(server.origin, { tls: { ...tls, thumbprint: 'another' } }));
  expect(server.connections.size).toBe(2);
});

test('of five certificates the one used longest ago loses its connection', async () => {
  const server = await startTlsServer();
  const transport = openTransport();
  const send = (name: string) => transport.send(get(server.origin, { tls: identity(name).tls }));
  for (const name of ['rsa', 'p256', 'p384', 'p521', 'rsa', 'leaf']) await send(name);
  await expect.poll(() => [...server.connections].map(fingerprint).toSorted()).toEqual(shownBy(['rsa', 'p384', 'p521', 'leaf']));
  await send('p256');
  expect(server.received.at(-1)?.certificate).toBe(identity('p256').shown);
});

test('a request that is under way with the certificate that has to go is let finish first', async () => {
  let answerFirst = (): void => {};
  const server = await startTlsServer((response, { url }) => {
    if (url === '/slow') answerFirst = () => response.end('late');
    else response.end();
  });
  const transport = openTransport();
  const slow = transport.send(get(`${server.origin}/slow`, { tls: identity('rsa').tls }));
  await expect.poll(() => server.received.length).toBe(1);
  for (const name of ['p256', 'p384', 'p521', 'leaf']) await transport.send(get(server.origin, { tls: identity(name).tls }));
  expect(server.connections.size).toBe(5);
  answerFirst();
  expect(Buffer.from((await slow).body).toString()).toBe('late');
  await expect.poll(() => [...server.connections].map(fingerprint).toSorted()).toEqual(shownBy(['p256', 'p384', 'p521', 'leaf']));
});

test('closing ends the connections of every certificate, also of one that has to go', async () => {
  const server = await startTlsServer((response, { url }) => url !== '/never' && response.end());
  const transport = openTransport();
  const never = transport.send(get(`${server.origin}/never`, { tls: identity('rsa').tls }));
  never.catch(() => {});
  await expect.poll(() => server.received.length).toBe(1);
  for (const name of ['p256', 'p384', 'p521', 'leaf']) await transport.send(get(server.origin, { tls: identity(name).tls }));
  await transport.close();
  await expect(never).rejects.toMatchObject({ code: 'closed' });
  await expect.poll(() => server.connections.size).toBe(0);
});

test('with a dispatcher or a fetch of the caller’s, a request with a certificate is refused before it is sent', async () => {
  const server = await startTlsServer();
  const { tls } = identity('rsa');
  const dispatcher = new Agent();
  onTestFinished(() => dispatcher.destroy());
  const fetching = createTransport({ wire: createFetchWire(fetch), now: Date.now });
  for (const [option, transport] of [
    ['dispatcher', openTransport({ dispatcher })],
    ['fetch', fetching],
  ] as const) {
    await expect(transport.send(get(server.origin, { tls }))).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringContaining(`leave ${option} out`),
    });
  }
  expect(server.connections.size).toBe(0);
});

function fingerprint(socket: { getPeerCertificate(): { fingerprint256?: string } }): string {
  return (socket.getPeerCertificate().fingerprint256 ?? '').replaceAll(':', '').toLowerCase();
}

function shownBy(names: readonly string[]): readonly string[] {
  return names.map((name) => identity(name).shown).toSorted();
}
