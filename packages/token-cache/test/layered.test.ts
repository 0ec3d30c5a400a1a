/** One store over another while both do what they are asked for. */
import { TokenCacheError } from '@client-credentials/token-cache';
import { encrypted } from '@client-credentials/token-cache/encrypted';
import { type LayeredOptions, layered } from '@client-credentials/token-cache/layered';
import { describe, expect, test } from 'vitest';
import { pass } from './circuits.ts';
import { OLD } from './encryption.ts';
import { createLayers, EXPIRES_AT_MS, entry, textIn } from './layers.ts';
import { MemoryStore, withoutExtras } from './memory-store.ts';
import { HOUR_MS, MINUTE_MS, START_MS } from './support.ts';

describe('a read', () => {
  test('is answered by the near store without a question to the far one', async () => {
    const { near, far, store } = createLayers();
    await near.write('name', entry('near'));
    await far.write('name', entry('far'));
    expect(await textIn(store)).toBe('near');
    expect(far.calls.read).toBe(0);
  });

  test('goes on to the far store, and what that has is near from then on, with its expiry', async () => {
    const { near, far, store } = createLayers();
    await far.write('name', entry('far'));
    expect(await textIn(store)).toBe('far');
    expect(near.entries.get('name')).toEqual(far.entries.get('name'));
    expect(near.lastContext.write?.key).toBe('key');
    expect(await textIn(store)).toBe('far');
    expect(far.calls.read).toBe(1);
  });

  test('finds nothing where neither has anything', async () => {
    const { near, store } = createLayers();
    expect(await textIn(store)).toBeUndefined();
    expect(near.calls.write).toBe(0);
  });

  test('tells either store what it was told, with a signal of its own', async () => {
    const { near, far, store } = createLayers();
    await textIn(store, { beyondMs: START_MS });
    for (const { lastContext } of [near, far]) {
      expect(lastContext.read).toEqual({ key: 'key', beyondMs: START_MS, signal: expect.any(AbortSignal) });
    }
  });

  test.each([
    [EXPIRES_AT_MS - 1, 'near'],
    [EXPIRES_AT_MS, 'far'],
    [EXPIRES_AT_MS + MINUTE_MS, 'far'],
  ])('that wants more than %d takes what expires later, near or far: %s', async (beyondMs, expected) => {
    const { near, far, store } = createLayers();
    await near.write('name', entry('near'));
    await far.write('name', entry('far', { expiresAtMs: EXPIRES_AT_MS + HOUR_MS }));
    expect(await textIn(store, { beyondMs })).toBe(expected);
    expect(await textIn(near)).toBe(expected);
  });

  test('passes over what has expired near, though that store has not dropped it', async () => {
    const { clock, near, far, store } = createLayers();
    const { bytes } = entry('near');
    near.entries.set('name', { bytes, expiresAtMs: Number.POSITIVE_INFINITY });
    await far.write('name', entry('far', { expiresAtMs: EXPIRES_AT_MS + 1 }));
    clock.nowMs = EXPIRES_AT_MS - 1;
    expect(await textIn(store)).toBe('near');
    clock.nowMs = EXPIRES_AT_MS;
    expect(await textIn(store)).toBe('far');
  });

  test('keeps no copy of what has expired far', async () => {
    const { clock, near, far, store } = createLayers();
    far.entries.set('name', { bytes: entry('far').bytes, expiresAtMs: Number.POSITIVE_INFINITY });
    clock.nowMs = EXPIRES_AT_MS;
    expect(await textIn(store)).toBe('far');
    expect(near.calls.write).toBe(0);
  });

  test('of bytes that do not say when they expire takes them, near only if it has nothing yet, and copies none', async () => {
    const { near, far, store } = createLayers();
    const expiresAtMs = EXPIRES_AT_MS;
    await far.write('name', { key: 'key', bytes: Buffer.from('far'), expiresAtMs });
    expect(await textIn(store)).toBe('far');
    expect(near.calls.write).toBe(0);

    await near.write('name', { key: 'key', bytes: Buffer.from('near'), expiresAtMs });
    expect(await textIn(store)).toBe('near');
    expect(await textIn(store, { beyondMs: START_MS })).toBe('far');
  });
});

test('a sealed entry says when it expires, so layers may be encrypted singly or together', async () => {
  const { clock, near, far } = createLayers();
  const { now } = clock;
  const sealed = encrypted(layered({ near, far, now }), [OLD], { now });
  await sealed.write('name', entry('token'));
  near.entries.clear();
  expect(await textIn(sealed)).toBe('token');
  expect(near.entries.get('name')).toEqual(far.entries.get('name'));

  const singly = layered({ near, far: encrypted(far, [OLD], { now }), now });
  near.entries.clear();
  expect(await textIn(singly)).toBe('token');
  expect(near.entries.get('name')?.expiresAtMs).toBe(EXPIRES_AT_MS);
});

test('a write goes to both stores, and neither gives up an entry that expires later', async () => {
  const { near, far, store } = createLayers();
  await near.write('name', entry('near', { expiresAtMs: EXPIRES_AT_MS + 1 }));
  await store.write('name', entry('both'));
  expect(await textIn(near)).toBe('near');
  expect(await textIn(far)).toBe('both');
  expect(far.entries.get('name')?.expiresAtMs).toBe(EXPIRES_AT_MS);
  for (const { lastContext } of [near, far]) {
    expect(lastContext.write).toEqual({ ...entry('both'), signal: expect.any(AbortSignal) });
  }
});

test('a deletion reaches both stores', async () => {
  const { near, far, store } = createLayers();
  await store.write('name', entry('both'));
  await store.delete('name');
  expect([near.entries.size, far.entries.size]).toEqual([0, 0]);
});

test('a deletion after a read is not undone by the copy that the read makes', async () => {
  const { near, far, store } = createLayers();
  await far.write('name', entry('far'));
  near.hang(['write']);
  const done = textIn(store).then(() => store.delete('name'));
  await pass(0);
  near.resume();
  await done;
  await pass(0);
  expect(near.entries.size).toBe(0);
});

test('an end is passed on to both stores, if they have one, and a failure of it is told when both are done', async () => {
  const { near, far, store } = createLayers();
  await store.close?.();
  expect([near.closed, far.closed]).toEqual([true, true]);

  const bare = withoutExtras(new MemoryStore());
  await layered({ near: bare, far: bare }).close?.();
  const stuck = { ...bare, close: () => Promise.reject(new Error('stuck')) };
  const last = new MemoryStore();
  await expect(layered({ near: last, far: stuck }).close?.()).rejects.toThrow('stuck');
  await expect(layered({ near: stuck, far: last }).close?.()).rejects.toThrow('stuck');
  expect(last.closed).toBe(true);
});

test.each<[Partial<LayeredOptions>, string]>([
  [{ timeoutMs: 0 }, 'timeoutMs is 0, expected a number from 1 to 2147483647'],
  [{ timeoutMs: 2 ** 31 }, 'timeoutMs is 2147483648, expected a number from 1 to 2147483647'],
  [{ timeoutMs: Number.NaN }, 'timeoutMs is NaN, expected a number from 1 to 2147483647'],
  [{ retryAfterMs: -1 }, 'retryAfterMs is -1, expected a number from 0 to 9007199254740991'],
])('%o is refused', (options, message) => {
  const make = () => layered({ near: new MemoryStore(), far: new MemoryStore(), ...options });
  expect(make).toThrow(new TokenCacheError('invalid_option', message));
  expect(make).toThrow(expect.objectContaining({ code: 'invalid_option' }));
});

test('an option that is undefined is as good as absent', async () => {
  const stores = { near: new MemoryStore(), far: new MemoryStore() };
  const store = layered({ ...stores, retryAfterMs: undefined, timeoutMs: undefined, now: undefined });
  await store.write('name', entry('both', { expiresAtMs: Date.now() + HOUR_MS }));
  expect(await textIn(store)).toBe('both');
});
