/** What a store does while its Redis is paused, gone or back again, and what it leaves behind. */
import { setImmediate as turn } from 'node:timers/promises';
import { redisStore } from '@client-credentials/token-cache/redis';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startRedis, startRedisCluster } from '../../../../test/support/redis-server.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../support.ts';
import { type Backend, CLIENT_KINDS, connectIoredis, connectRedis, createBackends } from './clients.ts';

const backendOf = createBackends({ startServer: startRedis, startCluster: () => startRedisCluster({ masters: 1 }) });

describe.each(CLIENT_KINDS)('with a client of $kind', (kind) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await backendOf(kind);
  });

  test('while the server is paused every operation ends with its time, and afterwards all is well', async () => {
    const entry = { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: Date.now() + HOUR_MS };
    await patient().write('entry', entry);
    const hasty = createStore({ timeoutMs: 100 });
    const lease = await vi.waitFor(() => hasty.lease?.('held', MINUTE_MS), 10 * SECOND_MS);
    pause();
    const operations = [hasty.read('entry', entry), hasty.write('entry', entry), hasty.delete('other'), lease?.renew(), lease?.release()];
    for (const outcome of await Promise.allSettled(operations)) {
      expect(outcome).toMatchObject({ reason: { name: 'TokenCacheError', code: 'store_timeout', transient: true } });
    }
    resume();
    expect(await patient().read('entry', entry)).toEqual(entry.bytes);
    expect(await patient().lease?.('held', MINUTE_MS)).toBeDefined();
  });

  test('a lease that is granted too late is given back', async () => {
    const hasty = createStore({ timeoutMs: 30 });
    pause();
    await expect(hasty.lease?.('late', HOUR_MS)).rejects.toMatchObject({ code: 'store_timeout' });
    resume();
    // On one connection commands keep their order: this one comes after the one that was late.
    expect(await vi.waitUntil(() => patient().lease?.('late', HOUR_MS), 10 * SECOND_MS)).toBeDefined();
  });

  test('the signal ends the wait with its reason', async () => {
    const controller = new AbortController();
    pause();
    const entry = { key: 'k', signal: controller.signal, bytes: Buffer.from('entry'), expiresAtMs: Date.now() + HOUR_MS };
    const operations = [patient().read('n', entry), patient().write('n', entry)];
    controller.abort(new Error('nobody waits'));
    for (const outcome of await Promise.allSettled(operations)) expect(outcome).toMatchObject({ reason: { message: 'nobody waits' } });
    resume();
  });

  function createStore({ timeoutMs }: { timeoutMs: number }) {
    return redisStore({ client: backend.client, keyPrefix: `${kind.kind}:`, timeoutMs });
  }

  function patient() {
    return createStore({ timeoutMs: 10 * SECOND_MS });
  }

  function pause(): void {
    for (const server of backend.servers) server.pause();
    onTestFinished(resume);
  }

  function resume(): void {
    for (const server of backend.servers) server.resume();
  }
});

test('when the server is gone every operation fails in time, whatever the client', async () => {
  const backends = await Promise.all(CLIENT_KINDS.map(backendOf));
  await Promise.all(backends.flatMap(({ servers }) => servers.map((server) => server.stop('SIGKILL'))));
  const entry = { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: Date.now() + HOUR_MS };
  const operations = backends
    .map(({ client }) => redisStore({ client, timeoutMs: 100 }))
    .flatMap((store) => [store.read('n', entry), store.write('n', entry), store.delete('n'), store.lease?.('n', MINUTE_MS)]);
  for (const outcome of await Promise.allSettled(operations)) {
    expect(outcome).toMatchObject({ reason: { code: expect.stringMatching(/^store_(timeout|unavailable)$/) } });
  }
});

test.each([
  ['redis', connectRedis],
  ['ioredis', connectIoredis],
])('when the server is back all is well again, with a client of %s', async (_kind, connect) => {
  const server = await startRedis();
  const { client, close } = await connect(server);
  onTestFinished(close);
  const store = redisStore({ client, timeoutMs: 100 });
  await server.stop('SIGKILL');
  await expect(store.read('n', { key: 'k' })).rejects.toMatchObject({ name: 'TokenCacheError' });
  await server.start();
  expect(await vi.waitFor(() => store.lease?.('n', MINUTE_MS), 10 * SECOND_MS)).toBeDefined();
});

test('what a client of redis had no connection for is taken back from its queue when its time is over', async () => {
  const server = await startRedis();
  const { client, close } = await connectRedis(server);
  onTestFinished(close);
  const store = redisStore({ client, timeoutMs: 30 });
  await server.stop();
  await vi.waitUntil(() => !(client as { isReady: boolean }).isReady, 10 * SECOND_MS);
  const writing = store.write('late', { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: Date.now() + HOUR_MS });
  await expect(writing).rejects.toMatchObject({ code: 'store_timeout' });
  await server.start();
  const patient = redisStore({ client, timeoutMs: 10 * SECOND_MS });
  expect(await patient.read('late', { key: 'k' })).toBeUndefined();
});

test.each([
  ['redis', connectRedis],
  ['ioredis', connectIoredis],
])('a client of %s that was closed is an error without a wait', async (_kind, connect) => {
  const { client, close } = await connect(await startRedis());
  const store = redisStore({ client });
  close();
  await expect(store.read('any', { key: 'k' })).rejects.toMatchObject({ code: 'store_unavailable', transient: true });
});

test('a reply that came in time counts though the process was too busy to look, whatever the client', async () => {
  const server = await startRedis();
  const connected = [await connectRedis(server), await connectIoredis(server)];
  onTestFinished(() => {
    for (const { close } of connected) close();
  });
  const reading = connected.map(({ client }) => redisStore({ client, timeoutMs: 200 }).read('any', { key: 'k' }));
  await turn();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  expect(await Promise.all(reading)).toEqual([undefined, undefined]);
});
