import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseHttpDate, parseRetryAfter } from '../src/retry/retry-after.ts';

const nowMs = Date.UTC(2026, 10, 23, 12);

test.each([
  ['120', 120_000],
  ['0', 0],
  [' 7 ', 7_000],
  ['2.128', 2_128],
  ['86400', 86_400_000],
  ['9'.repeat(400), 315_360_000_000],
])('HTTP-12: %j is %d ms', (value, expected) => {
  expect(parseRetryAfter(value, { nowMs })).toBe(expected);
});

test.each(['-1', 'soon', '', '1e3', '0x10', '1,5', 'Mon, 30 Feb 2026 00:00:00 GMT'])('HTTP-12: %j counts as absent', (value) => {
  expect(parseRetryAfter(value, { nowMs })).toBeUndefined();
});

test('HTTP-12: a date counts from now, and a past one means no wait', () => {
  expect(parseRetryAfter('Mon, 23 Nov 2026 12:00:30 GMT', { nowMs })).toBe(30_000);
  expect(parseRetryAfter('Fri, 31 Dec 1999 23:59:59 GMT', { nowMs })).toBe(0);
});

test("HTTP-14: a date counts from the server's own Date, so that a clock an hour off changes nothing", () => {
  expect(parseRetryAfter('Mon, 23 Nov 2026 13:00:30 GMT', { nowMs, date: 'Mon, 23 Nov 2026 13:00:00 GMT' })).toBe(30_000);
});

test('HTTP-13: the three forms of RFC 9110 name the same instant', () => {
  const forms = ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'];
  expect(forms.map((form) => parseHttpDate(form, nowMs))).toEqual(Array(3).fill(Date.UTC(1994, 10, 6, 8, 49, 37)));
});

test('HTTP-13: a two-digit year over fifty years ahead belongs to the past century', () => {
  expect(parseHttpDate('Friday, 06-Nov-76 08:49:37 GMT', nowMs)).toBe(Date.UTC(2076, 10, 6, 8, 49, 37));
  expect(parseHttpDate('Sunday, 06-Nov-77 08:49:37 GMT', nowMs)).toBe(Date.UTC(1977, 10, 6, 8, 49, 37));
});

test('HTTP-13: the leap second is a second', () => {
  expect(parseHttpDate('Sat, 31 Dec 2016 23:59:60 GMT', nowMs)).toBe(Date.UTC(2017, 0, 1));
});

test('HTTP-13: every date that a runtime writes is read', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date(Date.UTC(9999, 0, 1)), noInvalidDate: true }), (date) => {
      expect(parseHttpDate(date.toUTCString(), nowMs)).toBe(Math.floor(date.getTime() / 1000) * 1000);
    }),
  );
});
