import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryAdvice } from '../src/retry/advice.ts';
import { backoffMs } from '../src/retry/backoff.ts';

// The table stands in vectors/retry-advice.json; here is what it comes to.

const PASSING = [408, 429, 500, 502, 503, 504];

test('HTTP-16, HTTP-18: of all statuses six are worth another try, with or without a time', () => {
  const statuses = Array.from({ length: 500 }, (_, index) => 100 + index);
  expect(statuses.filter((status) => retryAdvice({ status }).kind !== 'never')).toEqual(PASSING);
  expect(statuses.filter((status) => retryAdvice({ status, retryAfterMs: 1 }).kind !== 'never')).toEqual(PASSING);
});

test('HTTP-16: a time that the server named is handed on as it is, and is the only one', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PASSING), fc.nat(), (status, retryAfterMs) => {
      expect(retryAdvice({ status, retryAfterMs })).toEqual({ kind: 'wait', ms: retryAfterMs });
    }),
  );
});

test('CC-30: a missing nonce is not waited for, and a status that passes does not hide it', () => {
  expect(retryAdvice({ status: 503, error: 'use_dpop_nonce', retryAfterMs: 1 })).toEqual({ kind: 'nonce' });
});

test('ENT-35: numbers and texts of AADSTS decide nothing', () => {
  const busy = { description: 'AADSTS90033: A transient error has occurred. Please try again.', errorCodes: [90033], suberror: 'x' };
  expect(retryAdvice({ status: 400, error: 'invalid_client', ...busy })).toEqual({ kind: 'never' });
  expect(retryAdvice({ status: 503, error: 'invalid_client', ...busy })).toEqual(retryAdvice({ status: 503 }));
});

test('CC-30: an error that does not pass does not make a passing status final', () => {
  expect(retryAdvice({ status: 503, error: 'invalid_client' })).toEqual({ kind: 'backoff' });
});

test.each([
  [1, 1000],
  [2, 2000],
  [3, 4000],
  [5, 16_000],
  [6, 30_000],
  [2000, 30_000],
])('HTTP-17: after %d attempts the pause is drawn from zero to %d ms', (attempts, longest) => {
  expect(backoffMs({ attempts, random: 0 })).toBe(0);
  expect(backoffMs({ attempts, random: 0.25 })).toBe(longest / 4);
  expect(backoffMs({ attempts, random: 1 - Number.EPSILON })).toBeLessThan(longest);
  expect(backoffMs({ attempts, random: 1 - Number.EPSILON })).toBeCloseTo(longest, 6);
});
