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

test.each(['-1', 'soon', '', '1e3', '0x10', '5.', '.5', '1,5', 'Mon, 30 Feb 2026 00:00:00 GMT'])(
  'HTTP-12: %j counts as absent',
  (value) => {
    expect(parseRetryAfter(value, { nowMs })).toBeUndefined();
  },
);

test('HTTP-12: a value that is no text counts as absent', () => {
  expect(parseRetryAfter(['1', '2'] as never, { nowMs })).toBeUndefined();
  expect(parseRetryAfter(undefined as never, { nowMs })).toBeUndefined();
});

test('HTTP-12: a fraction of a millisecond is rounded up, so that nothing is sent early', () => {
  expect(parseRetryAfter('0.0001', { nowMs })).toBe(1);
});

test('HTTP-12: a date counts from now, and a past one means no wait', () => {
  expect(parseRetryAfter('Mon, 23 Nov 2026 12:00:30 GMT', { nowMs })).toBe(30_000);
  expect(parseRetryAfter('Fri, 31 Dec 1999 23:59:59 GMT', { nowMs })).toBe(0);
});

test("HTTP-14: a date counts from the server's own Date, so that a clock an hour off changes nothing", () => {
  expect(parseRetryAfter('Mon, 23 Nov 2026 13:00:30 GMT', { nowMs, date: 'Mon, 23 Nov 2026 13:00:00 GMT' })).toBe(30_000);
});

test.each(['today', '', ['Mon, 23 Nov 2026 13:00:00 GMT']])(
  "HTTP-14: a server's Date that cannot be read (%j) counts as absent",
  (date) => {
    expect(parseRetryAfter('Mon, 23 Nov 2026 12:00:30 GMT', { nowMs, date: date as string })).toBe(30_000);
  },
);

test('HTTP-14: a Date alone will do where the clock is not known, and no date can be told without either', () => {
  const value = 'Mon, 23 Nov 2026 13:00:30 GMT';
  expect(parseRetryAfter(value, { nowMs: Number.NaN, date: ' Mon, 23 Nov 2026 13:00:00 GMT ' })).toBe(30_000);
  expect(parseRetryAfter(value, { nowMs: Number.NaN })).toBeUndefined();
  expect(parseRetryAfter('Monday, 23-Nov-26 13:00:30 GMT', { nowMs: Number.NaN })).toBeUndefined();
});

test('HTTP-15: a long time is reported whole, so that a caller with less can fail at once and say when; ten years are the longest', () => {
  expect(parseRetryAfter('86400', { nowMs })).toBe(86_400_000);
  expect(parseRetryAfter('Tue, 24 Nov 2026 12:00:00 GMT', { nowMs })).toBe(86_400_000);
  expect(parseRetryAfter('Fri, 31 Dec 9999 23:59:59 GMT', { nowMs })).toBe(315_360_000_000);
});

test('HTTP-13: the three forms of RFC 9110 name the same instant', () => {
  const forms = ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'];
  expect(forms.map((form) => parseHttpDate(form, nowMs))).toEqual(Array(3).fill(Date.UTC(1994, 10, 6, 8, 49, 37)));
});

test('HTTP-13: a two-digit year over fifty years ahead belongs to the past century', () => {
  expect(parseHttpDate('Friday, 06-Nov-76 08:49:37 GMT', nowMs)).toBe(Date.UTC(2076, 10, 6, 8, 49, 37));
  expect(parseHttpDate('Sunday, 06-Nov-77 08:49:37 GMT', nowMs)).toBe(Date.UTC(1977, 10, 6, 8, 49, 37));
});

test('HTTP-13: a two-digit year of the next century', () => {
  expect(parseHttpDate('Friday, 01-Jan-00 00:00:00 GMT', Date.UTC(2099, 11, 31))).toBe(Date.UTC(2100, 0, 1));
});

test('HTTP-13: a year of four digits is that year', () => {
  expect(parseHttpDate('Sat, 06 Nov 0094 08:49:37 GMT', nowMs)).toBe(Date.parse('0094-11-06T08:49:37Z'));
});

test.each([
  'Mon, 31 Feb 2026 00:00:00 GMT',
  'Mon, 00 Nov 2026 00:00:00 GMT',
  'Mon, 1 Nov 2026 00:00:00 GMT',
  'Mon, 23 Nov 2026 24:00:00 GMT',
  'Mon, 23 Nov 2026 12:60:00 GMT',
  'Mon, 23 Nov 2026 12:00:61 GMT',
  'Mon, 23 Nov 2026 12:00:00 UTC',
  'Mon, 23 Nov 2026 12:00:00 GMT.',
  '.Mon, 23 Nov 2026 12:00:00 GMT',
  'Mo, 23 Nov 2026 12:00:00 GMT',
  'Mon, 23 nov 2026 12:00:00 GMT',
  'Monday, 23-Nov-2026 12:00:00 GMT',
  '.Monday, 23-Nov-26 12:00:00 GMT',
  'Monday, 23-Nov-26 12:00:00 GMT.',
  'Mon Nov 3 12:00:00 2026',
  '.Mon Nov 23 12:00:00 2026',
  'Mon Nov 23 12:00:00 2026.',
])('HTTP-13: %j is no date', (text) => {
  expect(parseHttpDate(text, nowMs)).toBeUndefined();
});

test('HTTP-13: each day and each month in each form', () => {
  const week = ['Sun', 'Mon', 'Tues', 'Wednes', 'Thurs', 'Fri', 'Satur'];
  const days = Array.from({ length: 366 }, (_, day) => new Date(Date.UTC(2028, 0, 1 + day, 23, 59, 59)));
  for (const date of days) {
    const [weekday = '', day = '', month = '', year = '', time = ''] = date.toUTCString().replace(',', '').split(' ');
    expect(parseHttpDate(`${week[date.getUTCDay()]}day, ${day}-${month}-${year.slice(2)} ${time} GMT`, nowMs)).toBe(date.getTime());
    expect(parseHttpDate(`${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`, nowMs)).toBe(date.getTime());
  }
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
