import { createTokenCache, type TokenCache } from '@client-credentials/token-cache';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Clock, createClock, createSource, HOUR_MS, MINUTE_MS, type Value, value } from './support.ts';

describe('a full cache', () => {
  test('lets the oldest go when none was used', async () => {
    const { cache, put, kept } = await filled(3);
    await put('d');
    await put('e');
    expect(kept('a', 'b', 'c', 'd', 'e')).toEqual(['c', 'd', 'e']);
    expect(cache.size).toBe(3);
  });

  test('gives what was used a second chance', async () => {
    const { cache, put, kept } = await filled(3);
    cache.peek('a');
    await put('d');
    expect(kept('a', 'b', 'c', 'd')).toEqual(['a', 'c', 'd']);
  });

  test('gives none for being inspected', async () => {
    const { cache, put, kept } = await filled(3);
    cache.inspect('a');
    await put('d');
    expect(kept('a', 'b', 'c', 'd')).toEqual(['b', 'c', 'd']);
  });

  test('gives only one second chance: what is used no more goes in turn', async () => {
    const { cache, put, kept } = await filled(3);
    cache.peek('a');
    await put('d'); // b goes, a moves behind c
    await put('e'); // c goes
    await put('f'); // a goes
    expect(kept('a', 'd', 'e', 'f')).toEqual(['d', 'e', 'f']);
  });

  test('lets the oldest go when all were used', async () => {
    const { cache, put, kept } = await filled(3);
    for (const key of ['c', 'b', 'a']) cache.peek(key);
    await put('d');
    expect(kept('a', 'b', 'c', 'd')).toEqual(['b', 'c', 'd']);
  });

  test('lets an expired value go first, though it is the newest and was used', async () => {
    const { cache, clock, put, kept } = await filled(2);
    await put('short', { lifetimeMs: MINUTE_MS });
    cache.peek('short');
    clock.nowMs += MINUTE_MS;
    await put('d');
    expect(kept('a', 'b', 'short', 'd')).toEqual(['b', 'd']);
    expect(cache.inspect('short')).toBeUndefined();
  });

  test('takes a renewed value as the newest', async () => {
    const { put, kept } = await filled(3);
    await put('a');
    await put('d');
    expect(kept('a', 'b', 'c', 'd')).toEqual(['a', 'c', 'd']);
  });

  test('has room again after a removal', async () => {
    const { cache, put, kept } = await filled(3);
    await cache.delete('b');
    await put('d');
    expect(kept('a', 'b', 'c', 'd')).toEqual(['a', 'c', 'd']);
  });

  test('keeps the old value that callers may fall back to while they wait for a new one', async () => {
    const { cache, clock, put } = await filled(2);
    clock.nowMs += 59 * MINUTE_MS;
    const source = createSource();
    const waiting = cache.get('a', { acquire: source.acquire });
    await put('c');
    source.calls[0]?.reject(new Error('unreachable'));
    await expect(waiting).resolves.toMatchObject({ name: 'a' });
  });
});

test('ten thousand distinct keys leave no more than the bound', async () => {
  const cache = createTokenCache<Value>({ maxEntries: 100 });
  const kept = value('any', { atMs: Date.now() });
  for (let i = 0; i < 10_000; i += 1) await cache.get(`key ${i}`, { acquire: async () => kept });
  expect(cache.size).toBe(100);
  expect([cache.peek('key 9899'), cache.peek('key 9900')]).toEqual([undefined, kept]);
});

test('never is a usable value evicted while an expired one is kept, nor the bound exceeded', async () => {
  const puts = fc.array(
    fc.record({ key: fc.nat(30), lifetimeMinutes: fc.integer({ min: 1, max: 10 }), passMinutes: fc.nat(2), used: fc.nat(30) }),
  );
  await fc.assert(
    fc.asyncProperty(puts, async (list) => {
      const { cache, clock, put } = await filled(0, { maxEntries: 8 });
      const inspectAll = () => Array.from({ length: 31 }, (_, key) => cache.inspect(`${key}`)?.expiresAtMs);
      for (const { key, lifetimeMinutes, passMinutes, used } of list) {
        clock.nowMs += passMinutes * MINUTE_MS;
        cache.peek(`${used}`);
        const before = inspectAll();
        await put(`${key}`, { lifetimeMs: lifetimeMinutes * MINUTE_MS });
        const evicted = before.find((expiresAtMs, other) => expiresAtMs !== undefined && cache.inspect(`${other}`) === undefined);
        const hadExpired = before.some((expiresAtMs) => expiresAtMs !== undefined && expiresAtMs <= clock.nowMs);
        if (evicted !== undefined && hadExpired) expect(evicted).toBeLessThanOrEqual(clock.nowMs);
        expect(cache.size).toBeLessThanOrEqual(8);
      }
    }),
  );
});

/** A cache that holds the first `count` of 'a', 'b' and 'c', and by default has room for no more. */
async function filled(
  count: number,
  { maxEntries = count }: { maxEntries?: number } = {},
): Promise<{
  cache: TokenCache<Value>;
  clock: Clock;
  put: (key: string, options?: { lifetimeMs?: number }) => Promise<void>;
  kept: (...keys: string[]) => string[];
}> {
  const clock = createClock();
  const cache = createTokenCache<Value>({ maxEntries, now: clock.now });
  const put = async (key: string, { lifetimeMs = HOUR_MS }: { lifetimeMs?: number } = {}): Promise<void> => {
    await cache.get(key, { acquire: async () => value(key, { atMs: clock.nowMs, lifetimeMs }), forceRefresh: true });
  };
  for (const key of 'abc'.slice(0, count)) await put(key);
  return { cache, clock, put, kept: (...keys) => keys.filter((key) => cache.inspect(key) !== undefined) };
}
