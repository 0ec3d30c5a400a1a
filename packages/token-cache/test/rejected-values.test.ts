/** A value that proved useless goes from the store as well, and is given to nobody again. */
import { expect, test } from 'vitest';
import { createSharing, inStore } from './sharing.ts';
import { createSource, HOUR_MS, settled, unexpected, value } from './support.ts';

test('a rejected value is removed from the store, and replaced even by one that expires sooner', async () => {
  const { store, join, leave } = createSharing();
  leave('key', value('revoked', { lifetimeMs: 2 * HOUR_MS }));
  const cache = join();
  const rejected = await cache.get('key', { acquire: unexpected });
  expect((await cache.get('key', { acquire: async () => value('new'), rejected })).name).toBe('new');
  await settled();
  expect(inStore(store, 'key')?.name).toBe('new');
});

test('a rejected value that another process has replaced meanwhile costs no flight', async () => {
  const { join, leave } = createSharing();
  leave('key', value('revoked'));
  const cache = join();
  const rejected = await cache.get('key', { acquire: unexpected });
  leave('key', value('replaced'));
  expect((await cache.get('key', { acquire: unexpected, rejected })).name).toBe('replaced');
});

test('processes that reject the same value at once make one flight', async () => {
  const { join, leave, wake } = createSharing();
  leave('key', value('revoked'));
  const caches = [join(), join(), join()];
  const source = createSource();
  const held = await Promise.all(caches.map((cache) => cache.get('key', { acquire: unexpected })));
  const waiting = caches.flatMap((cache, index) => [1, 2, 3].map(() => cache.get('key', { ...source, rejected: held[index] })));
  await settled();
  expect(source.calls).toHaveLength(1);
  source.calls[0]?.resolve(value('new'));
  await settled();
  await wake();
  expect((await Promise.all(waiting)).map(({ name }) => name)).toEqual(Array(9).fill('new'));
});

test('a rejected value is known again though it was read anew from the store', async () => {
  const { join, leave } = createSharing();
  leave('key', value('revoked'));
  const [before, after] = [join({ maxEntries: 1 }), join()];
  const rejected = await before.get('key', { acquire: unexpected });
  const readAnew = await after.get('key', { acquire: unexpected });
  expect(readAnew).not.toBe(rejected);
  expect((await after.get('key', { acquire: async () => value('new'), rejected })).name).toBe('new');
});

test('a flight under way that finds a value which is rejected meanwhile goes on to acquire another, for all who wait', async () => {
  const { store, join, leave } = createSharing();
  leave('key', value('revoked'));
  const rejected = await join().get('key', { acquire: unexpected });
  store.hang(['read']);
  const cache = join();
  const unaware = cache.get('key', { acquire: async () => value('new') });
  const rejecting = cache.get('key', { acquire: unexpected, rejected });
  store.resume();
  expect([(await unaware).name, (await rejecting).name]).toEqual(['new', 'new']);
  expect(cache.peek('key')?.name).toBe('new');
});

test('what cannot even be encoded is no value of this cache', async () => {
  const { join, leave } = createSharing();
  leave('key', value('good'));
  const cache = join();
  await cache.get('key', { acquire: unexpected });
  const foreign = {
    toJSON: () => {
      throw new Error('foreign');
    },
    name: 'x',
    expiresAtMs: 1,
  };
  expect((await cache.get('key', { acquire: unexpected, rejected: foreign })).name).toBe('good');
});

test('a rejected value does not come back from the store, even when the flight that the rejection met failed without knowing of it', async () => {
  const { clock, join, leave } = createSharing();
  leave('key', value('revoked'));
  const cache = join();
  const rejected = await cache.get('key', { acquire: unexpected });
  clock.nowMs += 55 * 60_000;
  const renewal = createSource();
  await cache.get('key', renewal);
  await settled();
  const rejecting = expect(cache.get('key', { acquire: unexpected, rejected })).rejects.toThrow('unreachable');
  renewal.calls[0]?.reject(new Error('unreachable'));
  await rejecting;
  await settled();
  expect((await cache.get('key', { acquire: async () => value('new') })).name).toBe('new');
});

test('a value that was rejected is no last resort, for who rejected it and for whoever waits with them', async () => {
  const { clock, store, join, leave } = createSharing();
  leave('key', value('doubtful'));
  const rejected = await join().get('key', { acquire: unexpected });
  clock.nowMs += HOUR_MS - 30_000;
  store.hang(['read']);
  const cache = join();
  const source = createSource();
  const outcomes = Promise.allSettled([cache.get('key', source), cache.get('key', { ...source, rejected })]);
  store.resume();
  await settled();
  for (const call of source.calls) call.reject(new Error('unreachable'));
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
