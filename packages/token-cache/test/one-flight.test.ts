/** One flight across processes: who holds the lease acquires, the others wait for what it leaves, and nothing is stuck when it goes wrong. */
import { describe, expect, test, vi } from 'vitest';
import { entryName } from '../src/entry-name.ts';
import { fakeTimers } from './fake-timers.ts';
import { createSharing, inStore } from './sharing.ts';
import { createSource, DUE_MS, HOUR_MS, MINUTE_MS, SECOND_MS, settled, unexpected, value } from './support.ts';

const NAME = entryName('key');

describe('while another process holds the lease', () => {
  test('all wait, looking into the store, and get what it leaves', async () => {
    const { store, join, wake } = createSharing();
    const source = createSource();
    const first = join().get('key', source);
    await settled();
    const others = [join(), join()].map((cache) => cache.get('key', { acquire: unexpected }));
    await settled();
    await wake();
    expect(store.leases.size).toBe(1);

    source.calls[0]?.resolve(value('made once'));
    await first;
    await settled();
    await wake();
    expect((await Promise.all(others)).map(({ name }) => name)).toEqual(['made once', 'made once']);
    expect(store.leases.size).toBe(0);
  });

  test('the pauses grow from 50 to at most 500 ms, with jitter', async () => {
    const { store, join, pauses, wake } = createSharing();
    await store.lease(NAME, HOUR_MS);
    for (const [random, expected] of [
      [0, [50, 50, 50, 50, 50, 50]],
      [0.5, [50, 75, 125, 225, 275, 275]],
      [1, [50, 100, 200, 400, 500, 500]],
    ] as const) {
      const cache = join({ random: () => random });
      cache.get('key', { acquire: unexpected }).catch(() => {});
      const slept: number[] = [];
      for (let poll = 0; poll < 6; poll += 1) {
        await settled();
        slept.push(...pauses);
        await wake();
      }
      expect(slept).toEqual(expected);
      await cache.close();
      await wake();
    }
  });

  test('they compete for the lease once it ends, and one of them acquires', async () => {
    const { clock, store, join, wake } = createSharing();
    await store.lease(NAME, 5 * SECOND_MS);
    const source = createSource();
    const waiting = [join(), join(), join()].map((cache) => cache.get('key', source));
    await settled();
    await wake();
    expect(source.calls).toHaveLength(0);

    clock.nowMs += 5 * SECOND_MS;
    await wake();
    expect(source.calls).toHaveLength(1);
    source.calls[0]?.resolve(value('after a crash', { atMs: clock.nowMs }));
    await settled();
    await wake();
    expect((await Promise.all(waiting)).map(({ name }) => name)).toEqual(Array(3).fill('after a crash'));
  });

  test('they compete likewise when it fails, and its failure is its own', async () => {
    const { join, wake } = createSharing();
    const [source, next] = [createSource(), createSource()];
    const first = join().get('key', source);
    await settled();
    const other = join().get('key', next);
    await settled();
    source.calls[0]?.reject(new Error('unreachable'));
    await expect(first).rejects.toThrow('unreachable');
    await settled();
    await wake();
    next.calls[0]?.resolve(value('second try'));
    expect((await other).name).toBe('second try');
  });

  test("a waiter's flight has its own deadline", async () => {
    fakeTimers('setTimeout', 'clearTimeout');
    const { store, join } = createSharing();
    await store.lease(NAME, HOUR_MS);
    const waiting = join({ flightTimeoutMs: 10 * SECOND_MS }).get('key', { acquire: unexpected });
    const outcome = expect(waiting).rejects.toMatchObject({ code: 'flight_timeout' });
    await settled();
    await vi.advanceTimersByTimeAsync(10 * SECOND_MS);
    await outcome;
  });

  test('nobody who has a usable value waits, and what is left is taken by the refresh in the background', async () => {
    const { clock, store, join, leave, wake } = createSharing();
    leave('key', value('old'));
    const cache = join();
    await cache.get('key', { acquire: unexpected });
    clock.nowMs += DUE_MS;
    await store.lease(NAME, HOUR_MS);
    expect((await cache.get('key', { acquire: unexpected })).name).toBe('old');
    await settled();
    leave('key', value('new', { atMs: clock.nowMs }));
    await wake();
    expect(cache.peek('key')?.name).toBe('new');
  });
});

describe('the holder of a lease', () => {
  test('looks again before it acquires, since another may just have finished', async () => {
    const { store, join, leave } = createSharing();
    store.hang(['lease']);
    const waiting = join().get('key', { acquire: unexpected });
    await settled();
    leave('key', value('just finished'));
    store.resume();
    expect((await waiting).name).toBe('just finished');
    await settled();
    expect([store.calls.read, store.leases.size]).toEqual([2, 0]);
  });

  test('renews it every 1.5 s for as long as the flight lives, and not after', async () => {
    fakeTimers('setInterval', 'clearInterval');
    const { clock, store, join } = createSharing();
    const source = createSource();
    const waiting = join().get('key', source);
    await settled();
    for (let step = 0; step < 24; step += 1) {
      clock.nowMs += 500;
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(store.calls.renew).toBe(8);
    expect(await store.lease(NAME, 1)).toBeUndefined();
    source.calls[0]?.resolve(value('slow', { atMs: clock.nowMs }));
    await waiting;
    await settled();
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect([store.calls.renew, store.leases.size]).toEqual([8, 0]);
  });

  test('that has lost it goes on with its value, and leaves alone the lease of another', async () => {
    fakeTimers('setInterval', 'clearInterval');
    const { clock, store, join } = createSharing();
    const source = createSource();
    const waiting = join().get('key', source);
    await settled();
    clock.nowMs += 6 * SECOND_MS;
    const others = await store.lease(NAME, HOUR_MS);
    await vi.advanceTimersByTimeAsync(6 * SECOND_MS);
    expect(store.calls.renew).toBe(1);
    source.calls[0]?.resolve(value('all the same', { atMs: clock.nowMs }));
    expect((await waiting).name).toBe('all the same');
    await settled();
    expect(inStore(store, 'key')?.name).toBe('all the same');
    expect(await others?.renew()).toBe(true);
  });

  test('goes on renewing when one renewal fails', async () => {
    fakeTimers('setInterval', 'clearInterval');
    const { store, join } = createSharing();
    join().get('key', createSource());
    await settled();
    store.fail(['renew']);
    await vi.advanceTimersByTimeAsync(1_500);
    store.resume();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(store.calls.renew).toBe(2);
  });

  test.each([
    ['its flight fails', async (calls: ReturnType<typeof createSource>['calls']) => calls[0]?.reject(new Error('unreachable'))],
    ['its cache is closed', async (_calls: unknown, close: () => Promise<void>) => close()],
  ])('gives it back when %s', async (_what, end) => {
    const { store, join } = createSharing();
    const cache = join();
    const source = createSource();
    const outcome = expect(cache.get('key', source)).rejects.toThrow();
    await settled();
    expect(store.leases.size).toBe(1);
    await end(source.calls, () => cache.close());
    await outcome;
    await settled();
    expect(store.leases.size).toBe(0);
  });
});
