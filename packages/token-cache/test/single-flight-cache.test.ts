/** What a call gets: a value that is fresh, due or expired, what `acquire` brings, and that for all who ask at once. */
import { createTokenCache } from '@client-credentials/token-cache';
import { describe, expect, test, vi } from 'vitest';
import { holding } from './holding.ts';
import {
  createClock,
  createSource,
  DUE_MS,
  failing,
  HARD_MS,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  START_MS,
  settled,
  unexpected,
  type Value,
  value,
} from './support.ts';

describe('a fresh value', () => {
  test('is the same object for everybody, and nothing is acquired', async () => {
    const { cache, first } = await holding();
    expect(cache.peek('key')).toBe(first);
    expect(await cache.get('key', { acquire: unexpected })).toBe(first);
  });

  test('belongs to its key alone', async () => {
    const { cache } = await holding();
    expect(cache.peek('other')).toBeUndefined();
    expect(cache.inspect('other')).toBeUndefined();
  });
});

describe('a due value', () => {
  test('ENT-32, SEC-10: is given at once while one flight renews it', async () => {
    const { cache, clock, first } = await holding();
    clock.nowMs = START_MS + DUE_MS;
    const source = createSource();
    expect(cache.peek('key')).toBeUndefined();
    expect(await cache.get('key', source)).toBe(first);
    expect(await cache.get('key', source)).toBe(first);
    expect(source.calls).toHaveLength(1);

    const second = value('second', { atMs: clock.nowMs });
    source.calls[0]?.resolve(second);
    await settled();
    expect(cache.peek('key')).toBe(second);
  });

  test('is tried again after 30 s, then after twice as long, up to 5 min, and no failure reaches a caller', async () => {
    const { cache, clock, first } = await holding({ lifetimeMs: 24 * HOUR_MS });
    clock.nowMs = START_MS + 12 * HOUR_MS;
    const attemptsAtSeconds: number[] = [];
    const from = clock.nowMs;
    for (; clock.nowMs <= from + 20 * MINUTE_MS; clock.nowMs += SECOND_MS) {
      const acquire = async () => {
        attemptsAtSeconds.push((clock.nowMs - from) / SECOND_MS);
        throw new Error('unreachable');
      };
      expect(await cache.get('key', { acquire })).toBe(first);
      await settled();
    }
    expect(attemptsAtSeconds).toEqual([0, 30, 90, 210, 450, 750, 1050]);
  });

  test('is waited for by nobody even when due on arrival, and is renewed 30 s later at the earliest', async () => {
    const clock = createClock();
    const cache = createTokenCache<Value>({ now: clock.now, policy: { jitter: 0 } });
    const wronglyHinted = { ...value('hinted'), refreshAtMs: START_MS - 1 };
    await cache.get('key', { acquire: async () => wronglyHinted });
    clock.nowMs += 29 * SECOND_MS;
    expect(await cache.get('key', { acquire: unexpected })).toBe(wronglyHinted);

    clock.nowMs += SECOND_MS;
    const source = createSource();
    expect(await cache.get('key', source)).toBe(wronglyHinted);
    expect(source.calls).toHaveLength(1);
  });

  test('has its jitter drawn once, when it is stored', async () => {
    const draws = [0, 0.5, 0.999_999];
    const { cache } = await holding({ policy: undefined, random: () => draws.shift() ?? Number.NaN });
    expect(cache.inspect('key')?.dueAtMs).toBe(START_MS + DUE_MS - 30 * SECOND_MS);
    await cache.get('other', { acquire: async () => value('other') });
    expect(cache.inspect('other')?.dueAtMs).toBe(START_MS + DUE_MS);
    expect(cache.inspect('key')?.dueAtMs).toBe(START_MS + DUE_MS - 30 * SECOND_MS);
    expect(draws).toEqual([0.999_999]);
  });
});

describe('an expired value', () => {
  test('is waited for, and the new one is what callers get', async () => {
    const { cache, clock } = await holding();
    clock.nowMs = START_MS + HARD_MS;
    const source = createSource();
    const waiting = cache.get('key', source);
    const second = value('second', { atMs: clock.nowMs });
    source.calls[0]?.resolve(second);
    expect(await waiting).toBe(second);
  });

  test('is given when a passing failure comes before its expiry', async () => {
    const { cache, clock, first } = await holding();
    clock.nowMs = START_MS + HOUR_MS - 1;
    expect(await cache.get('key', { acquire: failing })).toBe(first);
  });

  test('is not given from its expiry on, even if that came during the flight', async () => {
    const { cache, clock } = await holding();
    clock.nowMs = START_MS + HOUR_MS - 1;
    const source = createSource();
    const waiting = cache.get('key', source);
    clock.nowMs += 1;
    source.calls[0]?.reject(new Error('unreachable'));
    await expect(waiting).rejects.toThrow('unreachable');
  });

  test('is not given after a permanent failure', async () => {
    const { cache, clock } = await holding({ isPermanent: (error) => error instanceof RangeError });
    clock.nowMs = START_MS + HARD_MS;
    await expect(cache.get('key', { acquire: () => Promise.reject(new RangeError('refused')) })).rejects.toThrow('refused');
  });

  test('is given when the flight was given up', async () => {
    const { cache, clock, first } = await holding({ flightTimeoutMs: 1 });
    clock.nowMs = START_MS + HARD_MS;
    expect(await cache.get('key', createSource())).toBe(first);
  });
});

describe('what acquire brings', () => {
  test('SEC-10: reaches ten thousand callers by one call', async () => {
    const cache = createTokenCache<Value>();
    const source = createSource();
    const waiting = Array.from({ length: 10_000 }, () => cache.get('key', source));
    const only = value('only', { atMs: Date.now() });
    expect(source.calls).toHaveLength(1);
    source.calls[0]?.resolve(only);
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([only]));
    expect(source.calls).toHaveLength(1);
  });

  test('SEC-10: fails all who wait once, and the next call tries again', async () => {
    const cache = createTokenCache<Value>();
    const source = createSource();
    const waiting = Promise.allSettled([cache.get('key', source), cache.get('key', source)]);
    const reason = new Error('unreachable');
    source.calls[0]?.reject(reason);
    expect(await waiting).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);

    const next = value('next', { atMs: Date.now() });
    expect(await cache.get('key', { acquire: async () => next })).toBe(next);
  });

  test('fails likewise when acquire throws instead of rejecting', async () => {
    const cache = createTokenCache<Value>();
    await expect(cache.get('key', { acquire: unexpected })).rejects.toThrow('acquire was called');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, START_MS])(
    'is given to all who wait and not kept if it expires at %s',
    async (expiresAtMs) => {
      const cache = createTokenCache({ now: createClock().now });
      const brought = { expiresAtMs };
      const calls = [1, 2].map(() => cache.get('key', { acquire: async () => brought }));
      expect(await Promise.all(calls)).toEqual([brought, brought]);
      expect([cache.size, cache.peek('key')]).toEqual([0, undefined]);
    },
  );

  test('replaces no value that is still good if it has expired itself, and the next background try waits', async () => {
    const { cache, clock, first } = await holding({});
    clock.nowMs += HOUR_MS - 5 * MINUTE_MS;
    const acquire = vi.fn(async () => value('late', { atMs: clock.nowMs, lifetimeMs: 0 }));
    expect(await cache.get('key', { acquire })).toBe(first);
    await settled();
    expect(await cache.get('key', { acquire })).toBe(first);
    expect(acquire).toHaveBeenCalledTimes(1);
  });

  test('is given once, though it is inside its own margin, and waited for again', async () => {
    const cache = createTokenCache({ now: createClock().now });
    const short = { expiresAtMs: START_MS + 30 * SECOND_MS };
    expect(await cache.get('key', { acquire: async () => short })).toBe(short);
    const other = { expiresAtMs: START_MS + 31 * SECOND_MS };
    expect(await cache.get('key', { acquire: async () => other })).toBe(other);
  });

  test('disturbs nobody when the judge of failures fails itself', async () => {
    const { cache, clock, first } = await holding({
      isPermanent: () => {
        throw new TypeError('judge');
      },
    });
    clock.nowMs = START_MS + DUE_MS;
    expect(await cache.get('key', { acquire: failing })).toBe(first);
    await settled();
    clock.nowMs = START_MS + HARD_MS;
    expect(await cache.get('key', { acquire: failing })).toBe(first);
  });
});

describe('inspection', () => {
  test('tells freshness, times and whether a flight is under way', async () => {
    const { cache, clock } = await holding();
    const times = { dueAtMs: START_MS + DUE_MS, expiresAtMs: START_MS + HOUR_MS };
    expect(cache.inspect('key')).toEqual({ freshness: 'fresh', refreshing: false, ...times });
    clock.nowMs = START_MS + DUE_MS;
    await cache.get('key', createSource());
    expect(cache.inspect('key')).toEqual({ freshness: 'due', refreshing: true, ...times });
    clock.nowMs = START_MS + HARD_MS;
    expect(cache.inspect('key')).toEqual({ freshness: 'expired', refreshing: true, ...times });
  });
});
