/** However a flight ends, its lease is given back, and no key is dead for others because of it. */
import { expect, test } from 'vitest';
import { entryName } from '../src/entry-name.ts';
import { createSharing } from './sharing.ts';
import { createSource, settled, unexpected, type Value, value } from './support.ts';

test.each<[string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['a text', 'token'],
  ['a value without an expiry', { name: 'endless' }],
])('when acquire brings %s', async (_what, brought) => {
  const { store, join } = createSharing();
  await join()
    .get('key', { acquire: async () => brought as Value })
    .catch(() => {});
  await settled();
  expect([store.leases.size, store.calls.write]).toEqual([0, 0]);
  expect((await join().get('key', { acquire: async () => value('good') })).name).toBe('good');
});

test('when what the cache was given fails in between', async () => {
  const { store, join } = createSharing();
  const cache = join({
    policy: {},
    random: () => {
      throw new Error('no chance');
    },
  });
  await expect(cache.get('key', { acquire: async () => value('lost') })).rejects.toThrow('no chance');
  await settled();
  expect(store.leases.size).toBe(0);
});

test.each([0, 1, 2, 3, 4, 5])('when the cache is closed %i promises after the value arrived, and close waits for that', async (steps) => {
  const { store, join } = createSharing();
  const cache = join();
  const source = createSource();
  const outcome = cache.get('key', source).catch(() => {});
  await settled();
  source.calls[0]?.resolve(value('late'));
  for (let step = 0; step < steps; step += 1) await null;
  await cache.close();
  expect(store.leases.size).toBe(0);
  await outcome;
});

test('when the flight is given up while the lease is still being asked for, and then acquire is not called', async () => {
  const { store, join } = createSharing();
  store.hang(['lease']);
  const cache = join();
  const outcome = expect(cache.get('key', { acquire: unexpected })).rejects.toMatchObject({ code: 'closed' });
  await settled();
  await cache.close();
  store.resume();
  await settled();
  await outcome;
  expect([store.calls.lease, store.leases.size]).toEqual([1, 0]);
});

test('others who wait give up waiting after half the time of a flight, and then acquire without a lease', async () => {
  const { clock, store, join, wake } = createSharing();
  await store.lease(entryName('key'), 10 * 60_000);
  const source = createSource();
  const waiting = join({ flightTimeoutMs: 20_000 }).get('key', source);
  await settled();
  clock.nowMs += 9_999;
  await wake();
  expect(source.calls).toHaveLength(0);
  clock.nowMs += 1;
  await wake();
  expect(source.calls).toHaveLength(1);
  source.calls[0]?.resolve(value('own', { atMs: clock.nowMs }));
  expect((await waiting).name).toBe('own');
});

test('a store that cannot be written grants no leases after two failed writes, since who leaves nothing only keeps others waiting', async () => {
  const { clock, store, join } = createSharing();
  store.fail(['write']);
  const cache = join();
  const get = async (key: string): Promise<void> => {
    await cache.get(key, { acquire: async () => value(key, { atMs: clock.nowMs }) });
    await settled();
  };
  for (const key of ['a', 'b', 'c']) await get(key);
  expect(store.calls.lease).toBe(2);
  store.resume();
  clock.nowMs += 30_000;
  for (const key of ['d', 'e']) await get(key);
  expect(store.calls.lease).toBe(4);
});
