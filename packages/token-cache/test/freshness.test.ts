import { type Expiring, type FreshnessPolicy, freshnessAt } from '@client-credentials/token-cache';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS, START_MS } from './support.ts';

describe('the due point and the hard point', () => {
  const lifetime = (ms: number): Expiring => ({ receivedAtMs: START_MS, expiresAtMs: START_MS + ms });
  const hinted = (afterMs: number): Expiring => ({ ...lifetime(HOUR_MS), refreshAtMs: START_MS + afterMs });

  test.each<[string, Expiring, FreshnessPolicy | undefined, { dueAfterMs: number; hardAfterMs: number }]>([
    ['an hour: 5 min before a margin of 60 s', lifetime(HOUR_MS), undefined, { dueAfterMs: 54 * MINUTE_MS, hardAfterMs: 59 * MINUTE_MS }],
    ['just under two hours: likewise', lifetime(119 * MINUTE_MS), {}, { dueAfterMs: 113 * MINUTE_MS, hardAfterMs: 118 * MINUTE_MS }],
    ['two hours: half the lifetime', lifetime(2 * HOUR_MS), undefined, { dueAfterMs: HOUR_MS, hardAfterMs: 119 * MINUTE_MS }],
    ['a day: half the lifetime', lifetime(24 * HOUR_MS), undefined, { dueAfterMs: 12 * HOUR_MS, hardAfterMs: 24 * HOUR_MS - MINUTE_MS }],
    [
      '5 min: a tenth as margin, due at half',
      lifetime(5 * MINUTE_MS),
      undefined,
      { dueAfterMs: 150 * SECOND_MS, hardAfterMs: 270 * SECOND_MS },
    ],
    ['10 s: the same shares', lifetime(10 * SECOND_MS), undefined, { dueAfterMs: 5 * SECOND_MS, hardAfterMs: 9 * SECOND_MS }],
    ["the maker's hint wins", hinted(20 * MINUTE_MS), { refreshBeforeMs: 1 }, { dueAfterMs: 20 * MINUTE_MS, hardAfterMs: 59 * MINUTE_MS }],
    ['a hint after the hard point', hinted(2 * HOUR_MS), undefined, { dueAfterMs: 59 * MINUTE_MS, hardAfterMs: 59 * MINUTE_MS }],
    ['another margin', lifetime(HOUR_MS), { marginMs: 0 }, { dueAfterMs: 55 * MINUTE_MS, hardAfterMs: HOUR_MS }],
    ['a margin beyond a tenth', lifetime(HOUR_MS), { marginMs: HOUR_MS }, { dueAfterMs: 49 * MINUTE_MS, hardAfterMs: 54 * MINUTE_MS }],
    ['another lead', lifetime(HOUR_MS), { refreshBeforeMs: MINUTE_MS }, { dueAfterMs: 58 * MINUTE_MS, hardAfterMs: 59 * MINUTE_MS }],
    [
      'a lead, though long-lived',
      lifetime(24 * HOUR_MS),
      { refreshBeforeMs: HOUR_MS },
      { dueAfterMs: 1379 * MINUTE_MS, hardAfterMs: 1439 * MINUTE_MS },
    ],
    ['a lead beyond half', lifetime(HOUR_MS), { refreshBeforeMs: HOUR_MS }, { dueAfterMs: 30 * MINUTE_MS, hardAfterMs: 59 * MINUTE_MS }],
    ['earliest jitter', lifetime(HOUR_MS), { jitter: -1 }, { dueAfterMs: 53.5 * MINUTE_MS, hardAfterMs: 59 * MINUTE_MS }],
    ['jitter beyond its range', lifetime(HOUR_MS), { jitter: 20 }, { dueAfterMs: 59 * MINUTE_MS, hardAfterMs: 59 * MINUTE_MS }],
    ['latest jitter', lifetime(HOUR_MS), { jitter: 1 }, { dueAfterMs: 54.5 * MINUTE_MS, hardAfterMs: 59 * MINUTE_MS }],
    [
      'jitter of a day: at most 5 min',
      lifetime(24 * HOUR_MS),
      { jitter: 1 },
      { dueAfterMs: 725 * MINUTE_MS, hardAfterMs: 1439 * MINUTE_MS },
    ],
    [
      'unknown lifetime: the longest margin',
      { expiresAtMs: START_MS + HOUR_MS },
      undefined,
      { dueAfterMs: 54 * MINUTE_MS, hardAfterMs: 59 * MINUTE_MS },
    ],
  ])('%s', (_, value, policy, { dueAfterMs, hardAfterMs }) => {
    const due = START_MS + dueAfterMs;
    const hard = START_MS + hardAfterMs;
    expect(freshnessAt(due - 1, value, policy)).toBe('fresh');
    if (due < hard) expect([freshnessAt(due, value, policy), freshnessAt(hard - 1, value, policy)]).toEqual(['due', 'due']);
    expect(freshnessAt(hard, value, policy)).toBe('expired');
  });

  test('an unknown lifetime shorter than the margin is expired from the start', () => {
    expect(freshnessAt(START_MS, { expiresAtMs: START_MS + 59 * SECOND_MS })).toBe('expired');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('an expiry of %s is expired', (expiresAtMs) => {
    expect(freshnessAt(START_MS, { expiresAtMs })).toBe('expired');
    expect(freshnessAt(START_MS, { expiresAtMs, receivedAtMs: START_MS, refreshAtMs: START_MS + 1 })).toBe('expired');
  });

  test('times that are no numbers never make a value fresh', () => {
    expect(freshnessAt(Number.NaN, lifetime(HOUR_MS))).toBe('expired');
    expect(freshnessAt(START_MS, { ...lifetime(HOUR_MS), receivedAtMs: Number.NaN })).toBe('expired');
    expect(freshnessAt(START_MS, { ...lifetime(HOUR_MS), refreshAtMs: Number.NaN })).toBe('due');
  });
});

describe('for any value and policy', () => {
  const timeMs = fc.integer({ min: START_MS - 48 * HOUR_MS, max: START_MS + 48 * HOUR_MS });
  const durationMs = fc.integer({ min: 0, max: 24 * HOUR_MS });
  const values = fc.record({ expiresAtMs: timeMs, receivedAtMs: timeMs, refreshAtMs: timeMs }, { requiredKeys: ['expiresAtMs'] });
  const policies = fc.record(
    { marginMs: durationMs, refreshBeforeMs: durationMs, jitter: fc.double({ min: -1, max: 1, noNaN: true }) },
    { requiredKeys: [] },
  );
  const order = ['fresh', 'due', 'expired'];

  test('time only moves it from fresh over due to expired', () => {
    fc.assert(
      fc.property(values, policies, timeMs, timeMs, (value, policy, one, other) => {
        const earlier = order.indexOf(freshnessAt(Math.min(one, other), value, policy));
        const later = order.indexOf(freshnessAt(Math.max(one, other), value, policy));
        return earlier <= later;
      }),
    );
  });

  test('nothing is fresh or due from its expiry on', () => {
    fc.assert(
      fc.property(values, policies, durationMs, (value, policy, afterMs) => {
        return freshnessAt(value.expiresAtMs + afterMs, value, policy) === 'expired';
      }),
    );
  });

  test('a lifetime without a hint starts fresh, and stays so for the larger part of its first half', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 48 * HOUR_MS }), policies, (lifetimeMs, policy) => {
        const value = { receivedAtMs: START_MS, expiresAtMs: START_MS + lifetimeMs };
        return freshnessAt(START_MS + 0.44 * lifetimeMs, value, policy) === 'fresh';
      }),
    );
  });
});
