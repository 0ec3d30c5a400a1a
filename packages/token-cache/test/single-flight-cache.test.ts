import { createTokenCache, type TokenCache, type TokenCacheOptions } from '@client-credentials/token-cache';
import { describe, expect, test, vi } from 'vitest';
import {
  type Clock,
  createClock,
  createSource,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  START_MS,
  settled,
  unexpected,
  type Value,
  value,
} from './support.ts';

const DUE_MS = 54 * MINUTE_MS;
const HARD_MS = 59 * MINUTE_MS;

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

describe('a rejected value', () => {
  test('is acquired anew once by a hundred callers who hold it', async () => {
    const { cache, clock, first } = await holding();
    const source = createSource();
    const rejecting = () => cache.get('key', { acquire: source.acquire, rejected: first });
    const waiting = Array.from({ length: 50 }, rejecting);
    expect(cache.peek('key')).toBeUndefined();
    const second = value('second', { atMs: clock.nowMs });
    source.calls[0]?.resolve(second);
    const later = Array.from({ length: 50 }, rejecting);
    expect(new Set(await Promise.all([...waiting, ...later]))).toEqual(new Set([second]));
    expect(await rejecting()).toBe(second);
    expect(source.calls).toHaveLength(1);
  });

  test('is not given again, even as the last resort', async () => {
    const { cache, first } = await holding();
    await expect(cache.get('key', { acquire: failing, rejected: first })).rejects.toThrow('unreachable');
    await expect(cache.get('key', { acquire: failing })).rejects.toThrow('unreachable');
  });

  test('is not the last resort of those who waited before it was rejected', async () => {
    const { cache, clock, first } = await holding();
    clock.nowMs = START_MS + HARD_MS;
    const source = createSource();
    const outcomes = Promise.allSettled([cache.get('key', source), cache.get('key', { ...source, rejected: first })]);
    source.calls[0]?.reject(new Error('unreachable'));
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('joins the flight that is under way', async () => {
    const { cache, clock, first } = await holding();
    clock.nowMs = START_MS + DUE_MS;
    const source = createSource();
    await cache.get('key', source);
    const waiting = cache.get('key', { acquire: unexpected, rejected: first });
    const second = value('second', { atMs: clock.nowMs });
    source.calls[0]?.resolve(second);
    expect(await waiting).toBe(second);
  });

  test('leaves another value, equal or not, as it is', async () => {
    const { cache, first } = await holding();
    expect(await cache.get('key', { acquire: unexpected, rejected: { ...first } })).toBe(first);
  });
});

describe('a forced refresh', () => {
  test('waits for a new value while others go on with the old', async () => {
    const { cache, clock, first } = await holding();
    const source = createSource();
    const forced = cache.get('key', { acquire: source.acquire, forceRefresh: true });
    expect(cache.peek('key')).toBe(first);
    const second = value('second', { atMs: clock.nowMs });
    source.calls[0]?.resolve(second);
    expect(await forced).toBe(second);
    expect(cache.peek('key')).toBe(second);
  });

  test('joins the flight that is under way', async () => {
    const { cache, clock } = await holding();
    clock.nowMs = START_MS + DUE_MS;
    const source = createSource();
    await cache.get('key', source);
    const forced = cache.get('key', { acquire: unexpected, forceRefresh: true });
    const second = value('second', { atMs: clock.nowMs });
    source.calls[0]?.resolve(second);
    expect(await forced).toBe(second);
  });

  test('fails if the flight fails, and the old value stays', async () => {
    const { cache, first } = await holding();
    await expect(cache.get('key', { acquire: failing, forceRefresh: true })).rejects.toThrow('unreachable');
    expect(cache.peek('key')).toBe(first);
  });
});

describe('a removal', () => {
  test('says whether there was a value', async () => {
    const { cache } = await holding();
    expect([await cache.delete('key'), await cache.delete('key'), cache.size, cache.peek('key')]).toEqual([true, false, 0, undefined]);
  });

  test.each(['delete', 'clear'] as const)(
    'by %s lets the flight serve who waits, keeps nothing of it, and later calls fly anew',
    async (removal) => {
      const cache = createTokenCache<Value>();
      const source = createSource();
      const before = cache.get('key', source);
      await cache[removal]('key');
      const after = cache.get('key', source);
      expect(source.calls).toHaveLength(1);

      const old = value('old', { atMs: Date.now() });
      source.calls[0]?.resolve(old);
      expect(await before).toBe(old);
      expect(cache.size).toBe(0);
      await settled();
      expect(source.calls).toHaveLength(2);

      const next = value('next', { atMs: Date.now() });
      source.calls[1]?.resolve(next);
      expect(await after).toBe(next);
      expect(cache.peek('key')).toBe(next);
    },
  );

  test('has later calls fly with the options they were given, whatever became of the object since', async () => {
    const cache = createTokenCache<Value>();
    const source = createSource();
    const before = cache.get('key', source);
    await cache.delete('key');
    const next = value('next', { atMs: Date.now() });
    const options = { acquire: async () => next };
    const after = cache.get('key', options);
    options.acquire = unexpected;
    source.calls[0]?.reject(new Error('revoked'));
    await expect(before).rejects.toThrow('revoked');
    expect(await after).toBe(next);
  });

  test('also parts later calls from a failure of the flight before it', async () => {
    const cache = createTokenCache<Value>();
    const source = createSource();
    const before = cache.get('key', source);
    await cache.delete('key');
    const next = value('next', { atMs: Date.now() });
    const after = cache.get('key', { acquire: async () => next });
    source.calls[0]?.reject(new Error('revoked'));
    await expect(before).rejects.toThrow('revoked');
    expect(await after).toBe(next);
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

describe('a closed cache', () => {
  test('aborts its flights, rejects who waits and who comes, and holds nothing', async () => {
    const { cache, clock } = await holding();
    clock.nowMs = START_MS + HARD_MS;
    const source = createSource();
    const outcomes = Promise.allSettled([cache.get('key', source), cache.get('other', source)]);
    await cache.close();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'closed', transient: false } });
    expect(source.calls.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    await expect(cache.get('key', { acquire: unexpected })).rejects.toMatchObject({ code: 'closed' });
    expect([cache.peek('key'), cache.size]).toEqual([undefined, 0]);
  });

  test.each([0, 1])('keeps and gives nothing that was on its way when it was closed, %i promises further', async (steps) => {
    const cache = createTokenCache<Value>();
    const source = createSource();
    const waiting = cache.get('key', source);
    source.calls[0]?.resolve(value('late', { atMs: Date.now() }));
    for (let step = 0; step < steps; step += 1) await null;
    await cache.close();
    await expect(waiting).rejects.toMatchObject({ code: 'closed' });
    expect(cache.size).toBe(0);
  });

  test('starts no flight for those who waited out one from before a removal', async () => {
    const cache = createTokenCache<Value>();
    const before = cache.get('key', createSource());
    await cache.delete('key');
    const after = cache.get('key', { acquire: unexpected });
    await cache.close();
    for (const outcome of await Promise.allSettled([before, after])) expect(outcome).toMatchObject({ reason: { code: 'closed' } });
  });

  test('is what `await using` leaves behind', async () => {
    const { cache } = await holding();
    await cache[Symbol.asyncDispose]();
    await expect(cache.get('key', { acquire: unexpected })).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('a clock that jumps', () => {
  test('forwards, past the expiry, ends the value', async () => {
    const { cache, clock } = await holding();
    clock.nowMs += 365 * 24 * HOUR_MS;
    expect(cache.peek('key')).toBeUndefined();
    await expect(cache.get('key', { acquire: failing })).rejects.toThrow('unreachable');
  });

  test('backwards keeps the value until its expiry by the clock, and background refreshes go on', async () => {
    const { cache, clock, first } = await holding();
    clock.nowMs = START_MS + DUE_MS;
    await cache.get('key', { acquire: failing });
    await settled();
    clock.nowMs = START_MS - 24 * HOUR_MS;
    expect(cache.peek('key')).toBe(first);
    clock.nowMs = START_MS + DUE_MS + 30 * SECOND_MS;
    const source = createSource();
    expect(await cache.get('key', source)).toBe(first);
    expect(source.calls).toHaveLength(1);
    clock.nowMs = START_MS + HOUR_MS;
    expect(cache.peek('key')).toBeUndefined();
  });

  test('to no number at all leaves nothing fresh', async () => {
    const { cache, clock } = await holding();
    clock.nowMs = Number.NaN;
    expect(cache.peek('key')).toBeUndefined();
    await expect(cache.get('key', { acquire: failing })).rejects.toThrow('unreachable');
  });
});

function failing(): Promise<never> {
  return Promise.reject(new Error('unreachable'));
}

/** A cache without jitter that got its first value under 'key' at the start. */
async function holding({ lifetimeMs = HOUR_MS, ...options }: TokenCacheOptions<Value> & { lifetimeMs?: number } = {}): Promise<{
  cache: TokenCache<Value>;
  clock: Clock;
  first: Value;
}> {
  const clock = createClock();
  const cache = createTokenCache<Value>({ now: clock.now, policy: { jitter: 0 }, ...options });
  const first = value('first', { lifetimeMs });
  await cache.get('key', { acquire: async () => first });
  return { cache, clock, first };
}
