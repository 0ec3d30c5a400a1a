/** What is removed from a cache goes from the store it shares as well, in its order and within its time, and nobody gets it meanwhile. */
import { describe, expect, test } from 'vitest';
import { createSharing, inStore } from './sharing.ts';
import { settled, unexpected, value } from './support.ts';

test('removal by key, by tag and of everything reaches the store too, and says so when it does not', async () => {
  const { store, join } = createSharing();
  const cache = join();
  const fill = async (): Promise<void> => {
    for (const key of ['a', 'b', 'c']) await cache.get(key, { acquire: async () => value(key), tags: key === 'a' ? [] : ['later'] });
    await settled();
  };
  const left = (): (string | undefined)[] => ['a', 'b', 'c'].map((key) => inStore(store, key)?.name);
  await fill();
  expect([await cache.delete('a'), left()]).toEqual([true, [undefined, 'b', 'c']]);
  expect([await cache.deleteTag('later'), left()]).toEqual([2, [undefined, undefined, undefined]]);
  await fill();
  await cache.clear();
  expect([cache.size, left()]).toEqual([0, [undefined, undefined, undefined]]);

  await fill();
  store.fail(['delete']);
  await expect(cache.delete('a')).rejects.toThrow('the store is down');
  expect([cache.peek('a'), left()]).toEqual([undefined, ['a', 'b', 'c']]);
  await expect(cache.clear()).rejects.toThrow('the store is down');
  expect([cache.size, store.calls.delete]).toEqual([0, 3 + 3 + 1 + 2]);
});

test('a key is removed from the store after what was being written there, not before', async () => {
  const { store, join } = createSharing();
  const cache = join();
  store.hang(['write']);
  await cache.get('key', { acquire: async () => value('written') });
  const removal = cache.delete('key');
  await settled();
  expect(store.calls.delete).toBe(0);
  store.resume();
  await removal;
  expect([store.calls.write, store.entries.size]).toEqual([1, 0]);
});

describe('what is being removed from the store', () => {
  test('is given to nobody who asks meanwhile', async () => {
    const { store, join, leave } = createSharing();
    leave('key', value('old'));
    const cache = join();
    await cache.get('key', { acquire: unexpected });
    store.hang(['delete']);
    const removal = cache.delete('key');
    await settled();
    expect((await cache.get('key', { acquire: async () => value('new') })).name).toBe('new');
    store.resume();
    expect(await removal).toBe(true);
    await settled();
    expect(cache.peek('key')?.name).toBe('new');
    expect((await join().get('key', { acquire: unexpected })).name).toBe('new');
  });

  test('nor while everything is removed', async () => {
    const { store, join } = createSharing();
    const cache = join();
    const keys = Array.from({ length: 250 }, (_, index) => `${index}`);
    for (const key of keys) await cache.get(key, { acquire: async () => value('old') });
    await settled();
    store.hang(['delete']);
    const removal = cache.clear();
    await settled();
    expect(store.calls.delete).toBeLessThanOrEqual(100);
    expect((await cache.get('249', { acquire: async () => value('new') })).name).toBe('new');
    store.resume();
    await removal;
    expect([store.calls.delete, cache.peek('249')?.name]).toEqual([250, 'new']);
  });

  test('takes one time limit, not one for each, when the store is dead', async () => {
    const { store, join } = createSharing();
    const cache = join({ storeTimeoutMs: 20 });
    for (let key = 0; key < 1_000; key += 1) await cache.get(`${key}`, { acquire: async () => value('old') });
    await settled();
    store.fail(['delete']);
    await expect(cache.clear()).rejects.toThrow('the store is down');
    expect([cache.size, store.calls.delete]).toEqual([0, 100]);
  });
});
