/** What a store changes for the callers of a cache: values come from other processes, and go to them. */
import { createTokenCache } from '@client-credentials/token-cache';
import { describe, expect, test } from 'vitest';
import { withoutExtras } from './memory-store.ts';
import { CODEC, createSharing, inStore } from './sharing.ts';
import { createSource, DUE_MS, failing, HARD_MS, HOUR_MS, SECOND_MS, START_MS, settled, unexpected, type Value, value } from './support.ts';

describe('a value that another process left', () => {
  test('is given after one look at the store, and from memory from then on', async () => {
    const { store, join, leave } = createSharing();
    leave('key', value('left'));
    const cache = join();
    expect(await cache.get('key', { acquire: unexpected })).toEqual(value('left'));
    expect(store.calls).toEqual({ read: 1, write: 0, delete: 0, lease: 0, renew: 0, release: 0 });

    const kept = cache.peek('key');
    expect(kept).toEqual(value('left'));
    expect(await cache.get('key', { acquire: unexpected })).toBe(kept);
    expect(store.calls.read).toBe(1);
  });

  test('reaches ten thousand callers by one look', async () => {
    const { store, join, leave } = createSharing();
    leave('key', value('left'));
    const cache = join();
    const given = await Promise.all(Array.from({ length: 10_000 }, () => cache.get('key', { acquire: unexpected })));
    expect(new Set(given).size).toBe(1);
    expect(store.calls.read).toBe(1);
  });

  test('is given at once though it is due, and renewed in the background', async () => {
    const { clock, join, leave } = createSharing();
    leave('key', value('old'));
    clock.nowMs += DUE_MS;
    const cache = join();
    const source = createSource();
    expect(await cache.get('key', source)).toEqual(value('old'));
    await settled();
    expect(source.calls).toHaveLength(1);

    const renewed = value('new', { atMs: clock.nowMs });
    source.calls[0]?.resolve(renewed);
    await settled();
    expect(cache.peek('key')).toBe(renewed);
  });

  test('is the last resort when it is nearly expired and no other can be had', async () => {
    const { clock, join, leave } = createSharing();
    leave('key', value('old'));
    clock.nowMs += HARD_MS;
    expect(await join().get('key', { acquire: failing })).toEqual(value('old'));
    await expect(join({ isPermanent: () => true }).get('key', { acquire: failing })).rejects.toThrow('unreachable');
  });

  test('is not given from its expiry on, even by a store that forgets to drop it', async () => {
    const { clock, store, join, leave } = createSharing();
    leave('key', { ...value('old'), expiresAtMs: START_MS + HOUR_MS });
    clock.nowMs += HOUR_MS;
    const forgetful = { ...withoutExtras(store), read: async (name: string) => store.entries.get(name)?.bytes };
    await expect(join({ store: forgetful }).get('key', { acquire: failing })).rejects.toThrow('unreachable');
  });

  test('takes the place of the one in memory when that is due, without a new flight of its own', async () => {
    const { clock, join, leave } = createSharing();
    leave('key', value('old'));
    const cache = join();
    await cache.get('key', { acquire: unexpected });
    clock.nowMs += DUE_MS;
    const renewed = value('new', { atMs: clock.nowMs });
    leave('key', renewed);
    expect(await cache.get('key', { acquire: unexpected })).toEqual(value('old'));
    await settled();
    expect(cache.peek('key')).toEqual(renewed);
  });

  test('due again on arrival, is renewed 30 s later at the earliest', async () => {
    const { clock, join, leave } = createSharing();
    leave('key', value('old'));
    const cache = join();
    await cache.get('key', { acquire: unexpected });
    clock.nowMs += DUE_MS;
    leave('key', { ...value('wrongly hinted', { atMs: clock.nowMs }), refreshAtMs: START_MS });
    await cache.get('key', { acquire: unexpected });
    await settled();
    clock.nowMs += 29 * SECOND_MS;
    expect((await cache.get('key', { acquire: unexpected })).name).toBe('wrongly hinted');
    clock.nowMs += SECOND_MS;
    const source = createSource();
    await cache.get('key', source);
    await settled();
    expect(source.calls).toHaveLength(1);
  });

  test('is looked for beyond the expiry of the one at hand', async () => {
    const { clock, store, join, leave } = createSharing();
    leave('key', value('old'));
    const cache = join();
    await cache.get('key', { acquire: unexpected });
    expect(store.lastContext.read).toMatchObject({ key: 'key', beyondMs: undefined });
    clock.nowMs += DUE_MS;
    await cache.get('key', createSource());
    expect(store.lastContext.read).toMatchObject({ key: 'key', beyondMs: START_MS + HOUR_MS });
  });
});

describe('a value that is acquired', () => {
  test('is left for the others under a digest, with its time to live', async () => {
    const { store, join } = createSharing();
    const acquired = value('acquired');
    expect(await join().get('key', { acquire: async () => acquired })).toBe(acquired);
    await settled();
    expect(inStore(store, 'key')).toEqual(acquired);
    expect([...store.entries.keys()]).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
    expect(store.lastContext.write).toMatchObject({ key: 'key', expiresAtMs: START_MS + HOUR_MS });
    expect(await join().get('key', { acquire: unexpected })).toEqual(acquired);
  });

  test('is given before it lies in the store, and close waits for that', async () => {
    const { store, join } = createSharing();
    store.hang(['write']);
    const cache = join();
    expect((await cache.get('key', { acquire: async () => value('quick') })).name).toBe('quick');
    let isClosed = false;
    const closing = cache.close().then(() => {
      isClosed = true;
    });
    await settled();
    expect([isClosed, store.leases.size]).toEqual([false, 1]);
    store.resume();
    await closing;
    expect([inStore(store, 'key')?.name, store.leases.size]).toEqual(['quick', 0]);
  });

  test('does not replace one in the store that expires later', async () => {
    const { store, join, leave } = createSharing();
    const cache = join();
    const source = createSource();
    const waiting = cache.get('key', source);
    await settled();
    leave('key', value('longer', { lifetimeMs: 2 * HOUR_MS }));
    source.calls[0]?.resolve(value('shorter'));
    expect((await waiting).name).toBe('shorter');
    await settled();
    expect(inStore(store, 'key')?.name).toBe('longer');
  });

  test.each([
    ['has expired on the way', -1],
    ['never expires', Number.POSITIVE_INFINITY],
  ])('is not left when it %s', async (_what, lifetimeMs) => {
    const { store, join } = createSharing();
    await join().get('key', { acquire: async () => value('useless', { lifetimeMs }) });
    await settled();
    expect([store.entries.size, store.calls.write, store.leases.size]).toEqual([0, 0, 0]);
  });

  test('is kept and left nowhere when its key was removed meanwhile', async () => {
    const { store, join } = createSharing();
    const cache = join();
    const source = createSource();
    const waiting = cache.get('key', source);
    await settled();
    await cache.delete('key');
    source.calls[0]?.resolve(value('late'));
    expect((await waiting).name).toBe('late');
    await settled();
    expect([cache.size, store.entries.size, store.leases.size]).toEqual([0, 0, 0]);
  });
});

describe('a forced refresh', () => {
  test('asks no store, and leaves what it brings even in place of a later one', async () => {
    const { store, join, leave } = createSharing();
    leave('key', value('longer', { lifetimeMs: 2 * HOUR_MS }));
    const cache = join();
    expect((await cache.get('key', { acquire: async () => value('forced'), forceRefresh: true })).name).toBe('forced');
    await settled();
    expect(inStore(store, 'key')?.name).toBe('forced');
    expect(store.calls).toMatchObject({ read: 0, lease: 0 });
  });

  test('that joins a flight which only finds a value starts one of its own', async () => {
    const { store, join, leave } = createSharing();
    leave('key', value('left'));
    store.hang(['read']);
    const cache = join();
    const found = cache.get('key', { acquire: unexpected });
    const forced = cache.get('key', { acquire: async () => value('forced'), forceRefresh: true });
    store.resume();
    expect([(await found).name, (await forced).name]).toEqual(['left', 'forced']);
  });
});

test('without leases in the store, each process acquires for itself', async () => {
  const { store, join } = createSharing();
  const source = createSource();
  const waiting = [join({ store: withoutExtras(store) }), join({ store: withoutExtras(store) })].map((cache) => cache.get('key', source));
  await settled();
  expect(source.calls).toHaveLength(2);
  for (const [index, call] of source.calls.entries()) call.resolve(value(`${index}`));
  expect((await Promise.all(waiting)).map(({ name }) => name)).toEqual(['0', '1']);
});

test('a value is only ever serialised by the codec', async () => {
  class Opaque {
    readonly #secret = 'c0ffee';
    readonly expiresAtMs = Date.now() + HOUR_MS;
    reveal = (): string => this.#secret;
  }
  const { store } = createSharing();
  const codec = { encode: (): Uint8Array => Buffer.from('sealed'), decode: (): Opaque => new Opaque() };
  const cache = createTokenCache<Opaque>({ store, codec });
  await cache.get('key', { acquire: async () => new Opaque() });
  await settled();
  const [entry] = store.entries.values();
  const text = Buffer.from(entry?.bytes ?? []).toString('latin1');
  expect([text.includes('sealed'), text.includes('c0ffee')]).toEqual([true, false]);
});

test('codec and store options are checked before anything else', () => {
  const { store } = createSharing();
  expect(() => createTokenCache({ store })).toThrow(/^codec is undefined, expected an object with encode and decode/);
  expect(() => createTokenCache<Value>({ codec: CODEC, store: {} as never })).toThrow('store.read is undefined, expected a function');
  expect(() => createTokenCache<Value>({ codec: CODEC, store, storeTimeoutMs: 0 })).toThrow(
    'storeTimeoutMs is 0, expected a number from 1',
  );
  expect(() => createTokenCache<Value>({ codec: CODEC, store, storeRetryAfterMs: -1 })).toThrow('storeRetryAfterMs is -1');
});
