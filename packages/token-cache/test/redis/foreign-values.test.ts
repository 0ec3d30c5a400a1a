/** A key under which somebody else has put what is no text: nobody else's key suffers, and the cache takes it back. */
import { createTokenCache } from '@client-credentials/token-cache';
import { redisStore } from '@client-credentials/token-cache/redis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startRedis } from '../../../../test/support/redis-server.ts';
import { entryName } from '../../src/entry-name.ts';
import { listenTo } from '../listening.ts';
import { CODEC } from '../sharing.ts';
import { SECOND_MS, unexpected, type Value, value } from '../support.ts';
import { connectRedis } from './clients.ts';

test('a list under one key is a miss and an event, while other keys go on being served from Redis', async () => {
  const server = await startRedis();
  const { client, close } = await connectRedis(server);
  onTestFinished(close);
  const failures = listenTo('store-failure');
  const circuit = listenTo('circuit');
  // Each is another process.
  const create = () =>
    createTokenCache<Value>({ store: redisStore({ client, timeoutMs: 10 * SECOND_MS }), storeTimeoutMs: 10 * SECOND_MS, codec: CODEC });
  const acquireNow = async () => value('acquired', { atMs: Date.now() });
  const inRedis = (key: string) => server.command(`TYPE client-credentials:{${entryName(key)}}`);

  await create().get('good', { acquire: acquireNow });
  await vi.waitFor(async () => expect(await inRedis('good')).toBe('+string\r\n'), WAIT);
  await server.command(`LPUSH client-credentials:{${entryName('taken')}} item`);

  const cache = create();
  expect((await cache.get('taken', { acquire: acquireNow })).name).toBe('acquired');
  expect((await cache.get('good', { acquire: unexpected })).name).toBe('acquired');
  const failure = { cache: 'redis', entry: entryName('taken'), operation: 'read', error: 'corrupt' };
  for (const heard of failures) expect(heard).toEqual(failure);
  expect(failures.length).toBeGreaterThan(0);
  expect(circuit).toEqual([]);

  await vi.waitFor(async () => expect(await inRedis('taken')).toBe('+string\r\n'), WAIT);
  expect((await create().get('taken', { acquire: unexpected })).name).toBe('acquired');
});

const WAIT = { timeout: 10 * SECOND_MS, interval: 20 };
