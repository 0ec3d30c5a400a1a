import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExpiryQueue, type Queued } from '../src/expiry-queue.ts';

test('whatever left from its middle, what remains leaves in the order of expiry', () => {
  const items = fc.array(fc.record({ expiresAtMs: fc.nat(1_000), leavesEarly: fc.boolean() }), { minLength: 20, maxLength: 100 });
  fc.assert(
    fc.property(items, (list) => {
      const queue = new ExpiryQueue<Queued>();
      const queued = list.map((item) => ({ ...item, place: -1 }));
      for (const item of queued) queue.add(item);
      for (const item of queued) if (item.leavesEarly) queue.remove(item);
      expect(drained(queue)).toEqual(
        queued
          .filter((item) => !item.leavesEarly)
          .map((item) => item.expiresAtMs)
          .sort((one, other) => one - other),
      );
    }),
    { numRuns: 500 },
  );
});

test('a cleared queue is empty and may be used again', () => {
  const queue = new ExpiryQueue<Queued>();
  for (const expiresAtMs of [3, 1, 2]) queue.add({ expiresAtMs, place: -1 });
  queue.clear();
  expect(queue.first).toBeUndefined();
  queue.add({ expiresAtMs: 4, place: -1 });
  expect(drained(queue)).toEqual([4]);
});

function drained(queue: ExpiryQueue<Queued>): number[] {
  const expiries: number[] = [];
  for (let first = queue.first; first !== undefined; first = queue.first) {
    expiries.push(first.expiresAtMs);
    queue.remove(first);
  }
  return expiries;
}
