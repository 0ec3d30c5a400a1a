/** The nine bytes that begin every entry: their layout, and that nothing else is taken for them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildHeader, type EntryFormat, FORMATS, HEADER_BYTES, readExpiresAtMs } from '../src/expiry-header.ts';
import { START_MS } from './support.ts';

const ALL: readonly EntryFormat[] = Object.values(FORMATS);

test('the first byte is the format, eight more are the expiry as a big-endian double', () => {
  expect(buildHeader(FORMATS.envelope, { expiresAtMs: START_MS }).toString('hex')).toBe('c1427a3185c5000000');
  expect(buildHeader(FORMATS.sealed, { expiresAtMs: START_MS }).toString('hex')).toBe('c2427a3185c5000000');
});

test('every format has a byte of its own', () => {
  expect(new Set(ALL).size).toBe(ALL.length);
});

test('any time is read as it was written, wherever in a larger buffer the entry lies', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(finite, fc.constantFrom(...ALL), fc.uint8Array(), fc.uint8Array(), (expiresAtMs, format, before, after) => {
      const within = Buffer.concat([before, buildHeader(format, { expiresAtMs }), after]);
      expect(readExpiresAtMs(within.subarray(before.length), [format])).toBe(expiresAtMs);
    }),
  );
});

test('fewer than nine bytes are no header', () => {
  const header = buildHeader(FORMATS.envelope, { expiresAtMs: START_MS });
  for (let length = 0; length < HEADER_BYTES; length += 1) expect(readExpiresAtMs(header.subarray(0, length), ALL)).toBeUndefined();
});

test('only the formats asked for are read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), fc.subarray([...ALL]), (firstByte, formats) => {
      const header = buildHeader(FORMATS.envelope, { expiresAtMs: START_MS });
      header[0] = firstByte;
      expect(readExpiresAtMs(header, formats)).toBe(formats.some((format) => format === firstByte) ? START_MS : undefined);
    }),
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d is no expiry', (expiresAtMs) => {
  expect(readExpiresAtMs(buildHeader(FORMATS.sealed, { expiresAtMs }), ALL)).toBeUndefined();
});
