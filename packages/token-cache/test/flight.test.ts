import { createTokenCache, TokenCacheError } from '@client-credentials/token-cache';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeTimers } from './fake-timers.ts';
import { createClock, createSource, SECOND_MS, START_MS, settled, unexpected, type Value, value } from './support.ts';

describe('a caller who stops waiting', () => {
  test('by its signal gets the reason, while the flight goes on for the others', async () => {
    const cache = createTokenCache<Value>();
    const source = createSource();
    const controller = new AbortController();
    const aborted = cache.get('key', { acquire: source.acquire, signal: controller.signal });
    const patient = cache.get('key', { acquire: source.acquire });
    const reason = new Error('changed my mind');
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    expect(source.calls[0]?.signal.aborted).toBe(false);

    const only = value('only', { atMs: Date.now() });
    source.calls[0]?.resolve(only);
    expect(await patient).toBe(only);
  });

  test('as the last one leaves a flight that keeps its value', async () => {
    const cache = createTokenCache<Value>();
    const source = createSource();
    const controller = new AbortController();
    const aborted = cache.get('key', { acquire: source.acquire, signal: controller.signal });
    controller.abort();
    await expect(aborted).rejects.toBe(controller.signal.reason);

    const only = value('only', { atMs: Date.now() });
    source.calls[0]?.resolve(only);
    await settled();
    expect(cache.peek('key')).toBe(only);
  });

  test('as the last one leaves a failure that is unhandled by nobody', async () => {
    const cache = createTokenCache<Value>();
    const source = createSource();
    const controller = new AbortController();
    const aborted = cache.get('key', { acquire: source.acquire, signal: controller.signal });
    controller.abort();
    await expect(aborted).rejects.toBe(controller.signal.reason);
    source.calls[0]?.reject(new Error('unreachable'));
    await settled(); // vitest fails the run on an unhandled rejection
    expect(cache.inspect('key')).toBeUndefined();
  });

  test('before it began gets the reason even if a value is there, and nothing is acquired', async () => {
    const cache = createTokenCache<Value>();
    await cache.get('key', { acquire: async () => value('kept', { atMs: Date.now() }) });
    const reason = new Error('too late');
    const signal = AbortSignal.abort(reason);
    await expect(cache.get('key', { acquire: unexpected, signal })).rejects.toBe(reason);
    await expect(cache.get('other', { acquire: unexpected, signal })).rejects.toBe(reason);
  });

  test('while acquire is being called gets the reason too', async () => {
    const cache = createTokenCache<Value>();
    const controller = new AbortController();
    const acquire = (): Promise<Value> => {
      controller.abort();
      return new Promise(() => {});
    };
    await expect(cache.get('key', { acquire, signal: controller.signal })).rejects.toBe(controller.signal.reason);
    await cache.close();
  });
});

describe('a deadline', () => {
  beforeEach(() => fakeTimers('setTimeout', 'clearTimeout'));

  test("of a caller ends its own wait, not the flight's", async () => {
    const clock = createClock();
    const cache = createTokenCache<Value>({ now: clock.now });
    const source = createSource();
    const hurried = watch(cache.get('key', { acquire: source.acquire, deadlineAtMs: START_MS + 2 * SECOND_MS }));
    const patient = cache.get('key', { acquire: source.acquire });
    await vi.advanceTimersByTimeAsync(2 * SECOND_MS - 1);
    expect(hurried.outcome).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(hurried.outcome).toBeInstanceOf(TokenCacheError);
    expect(hurried.outcome).toMatchObject({
      code: 'deadline',
      transient: true,
      message: 'deadlineAtMs passed before there was a new value; allow more time, or call again for what the flight brings',
    });

    source.calls[0]?.resolve(value('only'));
    await expect(patient).resolves.toMatchObject({ name: 'only' });
  });

  test('that has passed starts no flight, but takes a value that is there', async () => {
    const cache = createTokenCache<Value>({ now: createClock().now });
    await expect(cache.get('key', { acquire: unexpected, deadlineAtMs: START_MS })).rejects.toMatchObject({ code: 'deadline' });
    const kept = value('kept');
    await cache.get('key', { acquire: async () => kept });
    expect(await cache.get('key', { acquire: unexpected, deadlineAtMs: START_MS })).toBe(kept);
  });

  test('further off than a timer can hold is no deadline at all', async () => {
    const cache = createTokenCache<Value>({ now: createClock().now });
    const source = createSource();
    const waiting = watch(cache.get('key', { acquire: source.acquire, deadlineAtMs: Number.POSITIVE_INFINITY }));
    await vi.advanceTimersByTimeAsync(SECOND_MS);
    expect(waiting.outcome).toBeUndefined();
    const only = value('only');
    source.calls[0]?.resolve(only);
    await settled();
    expect(waiting.outcome).toBe(only);
  });

  test('of the flight ends it for all, though acquire ignores its signal, and what comes later changes nothing', async () => {
    const cache = createTokenCache<Value>({ now: createClock().now });
    const source = createSource();
    const waiting = [watch(cache.get('key', source)), watch(cache.get('key', source))];
    await vi.advanceTimersByTimeAsync(30 * SECOND_MS - 1);
    expect(waiting.map(({ outcome }) => outcome)).toEqual([undefined, undefined]);
    await vi.advanceTimersByTimeAsync(1);
    for (const { outcome } of waiting) {
      expect(outcome).toMatchObject({
        code: 'flight_timeout',
        transient: true,
        message: 'no value came within 30000 ms; have acquire end sooner, or raise flightTimeoutMs',
      });
    }
    expect(source.calls[0]?.signal.reason).toBe(waiting[0]?.outcome);

    const next = value('next');
    await cache.get('key', { acquire: async () => next });
    source.calls[0]?.resolve(value('late', { lifetimeMs: 1e9 }));
    await settled();
    expect(cache.peek('key')).toBe(next);
  });

  test('leaves no timer and no listener behind once the flight has landed', async () => {
    const cache = createTokenCache<Value>({ now: createClock().now });
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const source = createSource();
    const waiting = [1, 2].map(() => cache.get('key', { ...source, signal, deadlineAtMs: START_MS + SECOND_MS }));
    expect(vi.getTimerCount()).toBe(3);
    source.calls[0]?.resolve(value('only'));
    await Promise.all(waiting);
    expect(vi.getTimerCount()).toBe(0);
    expect(added.mock.calls).toHaveLength(1);
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(added.mock.calls.map(([, listener]) => listener));
  });
});

test('a call for the very key that acquire is called for waits like everybody, and ends with the flight', async () => {
  const cache = createTokenCache<Value>({ flightTimeoutMs: 20 });
  const inner = vi.fn();
  const acquire = (): Promise<Value> => {
    const again = cache.get('key', { acquire: unexpected });
    again.catch(inner);
    return again;
  };
  await expect(cache.get('key', { acquire })).rejects.toMatchObject({ code: 'flight_timeout' });
  await settled();
  expect(inner).toHaveBeenCalledWith(expect.objectContaining({ code: 'flight_timeout' }));
  expect((await cache.get('key', { acquire: async () => value('next', { atMs: Date.now() }) })).name).toBe('next');
});

test('one signal may serve one call after another', async () => {
  const cache = createTokenCache<Value>();
  const controller = new AbortController();
  await cache.get('first', { acquire: async () => value('first', { atMs: Date.now() }), signal: controller.signal });
  const second = cache.get('second', { acquire: createSource().acquire, signal: controller.signal });
  controller.abort();
  await expect(second).rejects.toBe(controller.signal.reason);
  await cache.close();
});

test('one signal may be shared by thousands of calls for many keys, without a warning of a leak', async () => {
  const cache = createTokenCache<Value>();
  const warnings: Error[] = [];
  const listen = (warning: Error): number => warnings.push(warning);
  process.on('warning', listen);
  const controller = new AbortController();
  const calls = Array.from({ length: 2_000 }, (_, i) =>
    cache.get(`key ${i % 100}`, { acquire: createSource().acquire, signal: controller.signal }),
  );
  const reason = new Error('shut down');
  controller.abort(reason);
  const outcomes = await Promise.allSettled(calls);
  await settled();
  process.off('warning', listen);
  expect(outcomes).toEqual(outcomes.map(() => ({ status: 'rejected', reason })));
  expect(warnings).toEqual([]);
  await cache.close();
});

/** What a promise came to, seen without waiting for it. */
function watch(promise: Promise<Value>): { outcome: unknown } {
  const watched: { outcome: unknown } = { outcome: undefined };
  const note = (outcome: unknown): void => {
    watched.outcome = outcome;
  };
  promise.then(note, note);
  return watched;
}
