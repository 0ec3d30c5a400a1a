/** What stands before the keys of a cache in its store. */
import { createTokenCache, TokenCacheError } from '@client-credentials/token-cache';
import { expect, test } from 'vitest';
import { entryName } from '../src/entry-name.ts';
import { listenTo } from './listening.ts';
import { CODEC, createSharing, inStore } from './sharing.ts';
import { createSource, settled, unexpected, value } from './support.ts';

test('caches with the same prefix share a value, and those with another never see it', async () => {
  const { store, join } = createSharing();
  await join({ storeKeyPrefix: 'one:' }).get('key', { acquire: async () => value('of one') });
  await settled();
  expect(inStore(store, 'one:key')).toEqual(value('of one'));

  expect(await join({ storeKeyPrefix: 'one:' }).get('key', { acquire: unexpected })).toEqual(value('of one'));
  expect(await join({ storeKeyPrefix: 'two:' }).get('key', { acquire: async () => value('of two') })).toEqual(value('of two'));
  expect(await join().get('key', { acquire: async () => value('of none') })).toEqual(value('of none'));
});

test('a lease too is for the whole key, and so is a removal', async () => {
  const { store, join } = createSharing();
  const [one, two] = [createSource(), createSource()];
  const cache = join({ storeKeyPrefix: 'one:' });
  const values = [cache.get('key', one), join({ storeKeyPrefix: 'two:' }).get('key', two)];
  await settled();
  expect([one.calls.length, two.calls.length]).toEqual([1, 1]);
  one.calls[0]?.resolve(value('of one'));
  two.calls[0]?.resolve(value('of two'));
  await Promise.all(values);
  await settled();

  await cache.delete('key');
  expect([inStore(store, 'one:key'), inStore(store, 'two:key')]).toEqual([undefined, value('of two')]);
});

test('a store is given the whole key for its associated data, and events name the entry as the store does', async () => {
  const { store, join } = createSharing();
  const heard = listenTo('miss');
  await join({ storeKeyPrefix: 'one:' }).get('key', { acquire: async () => value('of one') });
  await settled();
  expect([store.lastContext.read?.key, store.lastContext.write?.key]).toEqual(['one:key', 'one:key']);
  expect(heard).toEqual([expect.objectContaining({ entry: entryName('one:key') })]);
});

test('anything but a text is refused', () => {
  const { store } = createSharing();
  const options = { store, codec: CODEC, storeKeyPrefix: 1 as unknown as string };
  expect(() => createTokenCache(options)).toThrow(new TokenCacheError('invalid_option', 'storeKeyPrefix is 1, expected a text'));
});
