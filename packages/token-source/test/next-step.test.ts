import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextStep } from '../src/request/next-step.ts';

const failed = { transient: true, retryAfterMs: undefined, attempts: 1, maxAttempts: 3, nowMs: 1000, deadlineAtMs: 31_000, random: 0.5 };

test.each([
  [{}, { kind: 'wait', ms: 500 }],
  [{ attempts: 2 }, { kind: 'wait', ms: 1000 }],
  [{ random: 0 }, { kind: 'wait', ms: 0 }],
  [
    { retryAfterMs: 7000, attempts: 2 },
    { kind: 'wait', ms: 7000 },
  ],
  [{ retryAfterMs: 0 }, { kind: 'wait', ms: 0 }],
  [{ transient: false }, { kind: 'fail' }],
  [{ transient: false, retryAfterMs: 1 }, { kind: 'fail' }],
  [{ attempts: 3 }, { kind: 'fail' }],
  [{ attempts: 3, retryAfterMs: 7000 }, { kind: 'fail' }],
  [{ nowMs: 30_900 }, { kind: 'fail' }],
  [{ retryAfterMs: 30_000 }, { kind: 'throttled', retryAtMs: 31_000 }],
  [
    { retryAfterMs: 60_000, attempts: 3 },
    { kind: 'throttled', retryAtMs: 61_000 },
  ],
] as const)('HTTP-15, HTTP-16, HTTP-17: %j leads to %j', (more, step) => {
  expect(nextStep({ ...failed, ...more })).toEqual(step);
});

test('no pause ends after the deadline, and none is negative', () => {
  const times = fc.record({
    retryAfterMs: fc.option(fc.nat(1e6), { nil: undefined }),
    attempts: fc.integer({ min: 1, max: 5 }),
    nowMs: fc.nat(60_000),
    random: fc.float({ min: 0, max: Math.fround(0.99), noNaN: true }),
  });
  fc.assert(
    fc.property(times, (more) => {
      const step = nextStep({ ...failed, maxAttempts: 6, ...more });
      if (step.kind !== 'wait') return;
      expect(step.ms).toBeGreaterThanOrEqual(0);
      expect(more.nowMs + step.ms).toBeLessThan(failed.deadlineAtMs);
    }),
  );
});
