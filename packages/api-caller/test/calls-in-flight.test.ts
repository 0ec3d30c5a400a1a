import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CallsInFlight } from '../src/calls-in-flight.ts';
import { rejectionOf } from './support.ts';

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

const never = (): Promise<never> => new Promise(() => {});

test('whenever calls start and end, each that outlives its deadline is stopped at that very millisecond, with one timer for all', async () => {
  const call = fc.record({
    startsAtMs: fc.nat(1000),
    lastsMs: fc.integer({ min: 1, max: 1000 }),
    deadlineMs: fc.integer({ min: 1, max: 1000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 20 }), async (calls) => {
      vi.setSystemTime(0);
      const inFlight = new CallsInFlight(Date.now);
      const ends: Promise<unknown>[] = [];
      for (let atMs = 0; atMs <= 2000; atMs += 1) {
        for (const { lastsMs, deadlineMs } of calls.filter((candidate) => candidate.startsAtMs === atMs)) {
          const limits = { signal: undefined, deadlineMs, late: () => new Error('late') };
          const end = inFlight.run(limits, () =>
            lastsMs < deadlineMs ? new Promise<void>((resolve) => setTimeout(resolve, lastsMs)) : never(),
          );
          const expected = { atMs: atMs + Math.min(lastsMs, deadlineMs), late: lastsMs >= deadlineMs };
          const actual = end.then(
            () => ({ atMs: Date.now(), late: false }),
            () => ({ atMs: Date.now(), late: true }),
          );
          ends.push(actual.then((value) => expect(value).toEqual(expected)));
        }
        await vi.advanceTimersByTimeAsync(1);
      }
      await Promise.all(ends);
      await vi.runAllTimersAsync();
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 20 },
  );
});

test('a stopped call rejects at once, tells its work why, and what the work does later changes nothing', async () => {
  const inFlight = new CallsInFlight(Date.now);
  const late = new Error('late');
  let told: unknown;
  let fail: (error: Error) => void = () => {};
  const end = rejectionOf(
    inFlight.run({ signal: undefined, deadlineMs: 100, late: () => late }, (interruption) => {
      interruption.addEventListener('abort', () => {
        told = [interruption.aborted, interruption.reason, interruption.signal.aborted, interruption.signal.reason];
      });
      return new Promise((_resolve, reject) => {
        fail = reject;
      });
    }),
  );
  await vi.advanceTimersByTimeAsync(100);
  expect(await end).toBe(late);
  expect(told).toEqual([true, late, true, late]);
  fail(new Error('nobody hears this'));
  await vi.runAllTimersAsync();
});

test('every call in flight can be stopped for one reason, and no timer is left', async () => {
  const inFlight = new CallsInFlight(Date.now);
  const calls = [100, 50].map((deadlineMs) =>
    rejectionOf(inFlight.run({ signal: undefined, deadlineMs, late: () => new Error('late') }, never)),
  );
  const reason = new Error('closed');
  inFlight.interruptAll(reason);
  expect(await Promise.all(calls)).toEqual([reason, reason]);
  expect(vi.getTimerCount()).toBe(0);
});
