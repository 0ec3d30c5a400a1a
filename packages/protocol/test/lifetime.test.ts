import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLifetimeSeconds } from '../src/token-response/lifetime.ts';

const TEN_YEARS = 315_360_000;

test.each([
  [5399, 5399],
  [86399, 86399],
  ['3599', 3599],
  ['0003599', 3599],
  [0, 0],
  [-0, -0],
  ['0', 0],
  [12.7, 12],
  [0.9, 0],
  [1e3, 1000],
  [TEN_YEARS, TEN_YEARS],
  [TEN_YEARS + 1, TEN_YEARS],
  [2 ** 53 - 1, TEN_YEARS],
  ['9007199254740991', TEN_YEARS],
])('CC-18, CC-19, ENT-31: %j is %d seconds', (member, seconds) => {
  expect(parseLifetimeSeconds(member)).toBe(seconds);
});

test.each([undefined, null])('CC-18: %s says nothing', (member) => {
  expect(parseLifetimeSeconds(member)).toBeUndefined();
});

test.each([
  -1,
  -0.1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  '-1',
  '+1',
  '1e3',
  '1.5',
  '',
  ' 5',
  '5 ',
  '5\n',
  '0x10',
  'NaN',
  'Infinity',
  '٣',
  '9007199254740992',
  '99999999999999999',
  true,
  [3600],
  {},
])('CC-19: %j is no number of seconds', (member) => {
  expect(parseLifetimeSeconds(member)).toBeNaN();
});

test('CC-19: whatever comes is absent, no number, or whole seconds from none to ten years', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.string(), fc.anything()), (member) => {
      const seconds = parseLifetimeSeconds(member);
      if (seconds === undefined || Number.isNaN(seconds)) return;
      expect(Number.isInteger(seconds) && seconds >= 0 && seconds <= TEN_YEARS).toBe(true);
    }),
  );
});
