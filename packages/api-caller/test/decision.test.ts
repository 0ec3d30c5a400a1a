import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isIdempotent, type Outcome, retryDelayMs } from '../src/retry/decision.ts';

const FIRST = { isIdempotent: true, isReplayable: true, attempts: 1, maxAttempts: 3, remainingMs: 30_000, random: () => 0.5 };
const failure: Outcome = { kind: 'failure' };
const answer = (status: number, retryAfterMs?: number): Outcome => ({ kind: 'response', status, retryAfterMs });

describe('what is repeated', () => {
  const SAFE = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];
  const UNSAFE = ['POST', 'PATCH', 'MERGE'];
  const PASSING = [429, 502, 503, 504];
  const FINAL = [200, 204, 304, 307, 400, 401, 403, 404, 408, 409, 410, 500, 501];

  test.each(SAFE)('%s: a failed connection, 429, 502, 503 and 504, and no other status', (method) => {
    const repeated = (outcome: Outcome): boolean => retryDelayMs(outcome, { ...FIRST, isIdempotent: isIdempotent(method) }) !== undefined;
    expect(repeated(failure)).toBe(true);
    expect([...PASSING, ...FINAL].filter((status) => repeated(answer(status)))).toEqual(PASSING);
    expect([...PASSING, ...FINAL].filter((status) => repeated(answer(status, 1000)))).toEqual(PASSING);
  });

  test.each(UNSAFE)('%s: 429 and 503 with Retry-After, and nothing else', (method) => {
    const repeated = (outcome: Outcome): boolean => retryDelayMs(outcome, { ...FIRST, isIdempotent: isIdempotent(method) }) !== undefined;
    expect(repeated(failure)).toBe(false);
    expect([...PASSING, ...FINAL].filter((status) => repeated(answer(status)))).toEqual([]);
    expect([...PASSING, ...FINAL].filter((status) => repeated(answer(status, 1000)))).toEqual([429, 503]);
  });
});

describe('how long to wait', () => {
  test.each([
    ['half a second on average after the first attempt', answer(503), { attempts: 1 }, 500],
    ['twice that after the second', answer(503), { attempts: 2 }, 1000],
    ['and twice that after the third', failure, { attempts: 3, maxAttempts: 9 }, 2000],
    ['perhaps not at all', failure, { random: () => 0 }, 0],
    ['what Retry-After says, to the millisecond', answer(429, 2128), {}, 2128],
    ['nothing if Retry-After is 0', answer(429, 0), {}, 0],
    ['Retry-After if it ends before the deadline', answer(429, 29_999), {}, 29_999],
    ['no: Retry-After ends with the deadline', answer(429, 30_000), {}, undefined],
    ['no: the random wait does not fit', answer(503), { remainingMs: 500 }, undefined],
    ['no: the deadline has passed', answer(429, 0), { remainingMs: 0 }, undefined],
    ['no: it was the last attempt', answer(503), { attempts: 3 }, undefined],
    ['no: there is but one attempt', failure, { maxAttempts: 1 }, undefined],
    ['no: its body cannot be sent again', answer(429, 0), { isReplayable: false }, undefined],
  ])('%s', (_title, outcome, change, expected) => {
    expect(retryDelayMs(outcome, { ...FIRST, ...change })).toBe(expected);
  });

  test('is always a whole number of milliseconds that ends before the deadline', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(random, fc.nat(1_000_000), fc.integer({ min: 1, max: 20 }), (value, remainingMs, attempts) => {
        const delayMs = retryDelayMs(failure, { ...FIRST, attempts, maxAttempts: 21, remainingMs, random: () => value }) ?? 0;
        expect(Number.isInteger(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThan(Math.max(1, remainingMs));
      }),
    );
  });
});
