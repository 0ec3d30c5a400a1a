/** Permanent refusals are remembered briefly, for the credential that was refused; all other failures are not. */
import { createTokenCache, type TokenCache, type TokenCacheOptions } from '@client-credentials/token-cache';
import { describe, expect, test } from 'vitest';
import { createSharing } from './sharing.ts';
import { type Clock, createClock, createSource, HOUR_MS, MINUTE_MS, SECOND_MS, settled, unexpected, type Value, value } from './support.ts';

describe('a permanent failure', () => {
  test('is given for a minute to calls with the same refusal key, and acquire is not called', async () => {
    const { cache, clock, calls } = refusing();
    const refusal = new RangeError('unknown client');
    await expect(cache.get('key', { acquire: calls(refusal), refusalKey: 'old secret' })).rejects.toBe(refusal);
    clock.nowMs += MINUTE_MS - 1;
    await expect(cache.get('key', { acquire: unexpected, refusalKey: 'old secret' })).rejects.toMatchObject({
      code: 'refused_recently',
      transient: false,
      cause: refusal,
      retryAtMs: clock.nowMs + 1,
    });
    clock.nowMs += 1;
    await expect(cache.get('key', { acquire: calls(refusal), refusalKey: 'old secret' })).rejects.toBe(refusal);
    expect(calls.count).toBe(2);
  });

  test.each<[string, string, { refusalKey?: string; forceRefresh?: boolean }]>([
    ['another refusal key', 'key', { refusalKey: 'new secret' }],
    ['no refusal key', 'key', {}],
    ['another key', 'other', { refusalKey: 'old secret' }],
    ['force', 'key', { refusalKey: 'old secret', forceRefresh: true }],
  ])('does not stand in the way of a call with %s', async (_what, key, options) => {
    const { cache, calls } = refusing();
    await expect(cache.get('key', { acquire: calls(new RangeError()), refusalKey: 'old secret' })).rejects.toThrow(RangeError);
    expect((await cache.get(key, { acquire: async () => value('new'), ...options })).name).toBe('new');
  });

  test('of a call without a refusal key is not remembered', async () => {
    const { cache, calls } = refusing();
    for (let call = 0; call < 2; call += 1)
      await expect(cache.get('key', { acquire: calls(new RangeError()) })).rejects.toThrow(RangeError);
    expect(calls.count).toBe(2);
  });

  test('is forgotten when a value comes, when the key is removed, and when everything is', async () => {
    for (const end of [
      (cache: TokenCache<Value>) => cache.get('key', { acquire: async () => value('new', { lifetimeMs: -1 }), forceRefresh: true }),
      (cache: TokenCache<Value>) => cache.delete('key'),
      (cache: TokenCache<Value>) => cache.clear(),
    ]) {
      const { cache, calls } = refusing();
      await expect(cache.get('key', { acquire: calls(new RangeError()), refusalKey: 'secret' })).rejects.toThrow(RangeError);
      await end(cache);
      expect((await cache.get('key', { acquire: async () => value('asked again'), refusalKey: 'secret' })).name).toBe('asked again');
    }
  });

  test('rules out the old value for as long as it is remembered', async () => {
    const { cache, clock, calls } = refusing();
    await cache.get('key', { acquire: async () => value('old'), refusalKey: 'secret' });
    clock.nowMs += HOUR_MS - 50 * SECOND_MS;
    await expect(cache.get('key', { acquire: calls(new RangeError()), refusalKey: 'secret' })).rejects.toThrow(RangeError);
    await expect(cache.get('key', { acquire: unexpected, refusalKey: 'secret' })).rejects.toMatchObject({ code: 'refused_recently' });
  });

  test('in the background reaches nobody, and the next refresh does not ask again while it is remembered', async () => {
    const { cache, clock, calls } = refusing({ refusalMs: 10 * MINUTE_MS });
    const first = value('first', { lifetimeMs: 24 * HOUR_MS });
    await cache.get('key', { acquire: async () => first, refusalKey: 'secret' });
    clock.nowMs += 13 * HOUR_MS;
    for (let minute = 0; minute < 9; minute += 1) {
      expect(await cache.get('key', { acquire: calls(new RangeError()), refusalKey: 'secret' })).toBe(first);
      await settled();
      clock.nowMs += MINUTE_MS;
    }
    expect(calls.count).toBe(1);
  });

  test('of another credential makes who joined the flight fly again with its own', async () => {
    const { cache } = refusing();
    const [old, renewed] = [createSource(), createSource()];
    const refused = expect(cache.get('key', { ...old, refusalKey: 'old secret' })).rejects.toThrow(RangeError);
    const joined = cache.get('key', { ...renewed, refusalKey: 'new secret' });
    old.calls[0]?.reject(new RangeError());
    await refused;
    await settled();
    renewed.calls[0]?.resolve(value('new'));
    expect((await joined).name).toBe('new');
  });

  test('is no longer remembered when the clock was set back', async () => {
    const { cache, clock, calls } = refusing();
    await expect(cache.get('key', { acquire: calls(new RangeError()), refusalKey: 'secret' })).rejects.toThrow(RangeError);
    clock.nowMs -= HOUR_MS;
    expect((await cache.get('key', { acquire: async () => value('new'), refusalKey: 'secret' })).name).toBe('new');
  });

  test('is never remembered where refusalMs is 0', async () => {
    const { cache, calls } = refusing({ refusalMs: 0 });
    for (let call = 0; call < 2; call += 1) {
      await expect(cache.get('key', { acquire: calls(new RangeError()), refusalKey: 'secret' })).rejects.toThrow(RangeError);
    }
    expect(calls.count).toBe(2);
  });

  test('of a flight whose key was removed meanwhile is not remembered', async () => {
    const { cache } = refusing();
    const source = createSource();
    const refused = expect(cache.get('key', { ...source, refusalKey: 'secret' })).rejects.toThrow(RangeError);
    await cache.delete('key');
    const after = cache.get('key', { acquire: async () => value('mended'), refusalKey: 'secret' });
    source.calls[0]?.reject(new RangeError());
    await refused;
    expect((await after).name).toBe('mended');
  });

  test('that a flight only remembers is no answer to who forces one and joined it', async () => {
    const { store, join } = createSharing();
    const cache = join({ isPermanent: (error) => error instanceof RangeError });
    await expect(cache.get('key', { acquire: () => Promise.reject(new RangeError()), refusalKey: 'secret' })).rejects.toThrow(RangeError);
    await settled();
    store.hang(['read']);
    const remembering = expect(cache.get('key', { acquire: unexpected, refusalKey: 'secret' })).rejects.toMatchObject({
      code: 'refused_recently',
    });
    const forced = cache.get('key', { acquire: async () => value('forced'), refusalKey: 'secret', forceRefresh: true });
    store.resume();
    await remembering;
    expect((await forced).name).toBe('forced');
  });

  test('is one of a thousand at most: the oldest gives way', async () => {
    const { cache, calls } = refusing();
    for (let key = 0; key <= 1_000; key += 1) {
      await expect(cache.get(`${key}`, { acquire: calls(new RangeError()), refusalKey: 'secret' })).rejects.toThrow(RangeError);
    }
    await expect(cache.get('1', { acquire: unexpected, refusalKey: 'secret' })).rejects.toMatchObject({ code: 'refused_recently' });
    expect((await cache.get('0', { acquire: async () => value('asked again'), refusalKey: 'secret' })).name).toBe('asked again');
  });

  test('does not keep from a value that another process has left since', async () => {
    const { store, join, leave } = createSharing();
    const cache = join({ isPermanent: (error) => error instanceof RangeError });
    const refused = { acquire: () => Promise.reject(new RangeError()), refusalKey: 'secret' };
    await expect(cache.get('key', refused)).rejects.toThrow(RangeError);
    await settled();
    await expect(cache.get('key', { acquire: unexpected, refusalKey: 'secret' })).rejects.toMatchObject({ code: 'refused_recently' });
    expect([store.calls.lease, store.leases.size]).toEqual([1, 0]);
    leave('key', value('left'));
    expect((await cache.get('key', { acquire: unexpected, refusalKey: 'secret' })).name).toBe('left');
  });
});

test('a passing failure is not remembered', async () => {
  const { cache, calls } = refusing();
  for (let call = 0; call < 2; call += 1) {
    await expect(cache.get('key', { acquire: calls(new Error('unreachable')), refusalKey: 'secret' })).rejects.toThrow('unreachable');
  }
  expect(calls.count).toBe(2);
});

/** A cache for which range errors are permanent, and an `acquire` that rejects and counts. */
function refusing(options: TokenCacheOptions<Value> = {}): {
  cache: TokenCache<Value>;
  clock: Clock;
  calls: { (error: Error): () => Promise<never>; count: number };
} {
  const clock = createClock();
  const isPermanent = (error: unknown): boolean => error instanceof RangeError;
  const cache = createTokenCache<Value>({ now: clock.now, isPermanent, policy: { jitter: 0 }, ...options });
  const calls = Object.assign(
    (error: Error) => (): Promise<never> => {
      calls.count += 1;
      return Promise.reject(error);
    },
    { count: 0 },
  );
  return { cache, clock, calls };
}
