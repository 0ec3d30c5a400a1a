/** The form of a value in a store: its layout, and that anything but the whole of it under its own key is nothing. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildEnvelope, readEnvelope } from '../src/envelope.ts';
import { buildHeader, FORMATS } from '../src/expiry-header.ts';
import { START_MS } from './support.ts';

/** Any text, lone surrogates and all. */
const anyKey = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
const anyEnvelope = fc.record({ expiresAtMs: fc.double({ noNaN: true, noDefaultInfinity: true }), payload: fc.uint8Array() });

test('an envelope is the header, the length of the payload, the key in UTF-16LE and the payload', () => {
  const envelope = buildEnvelope('tenant|é', { expiresAtMs: START_MS, payload: Buffer.from('a token') });
  expect(Buffer.from(envelope).toString('hex')).toBe(
    ['c1427a3185c5000000', '00000007', '740065006e0061006e0074007c00e900', '6120746f6b656e'].join(''),
  );
});

test('what was put in is read again, wherever in a larger buffer the bytes lie', () => {
  fc.assert(
    fc.property(anyKey, anyEnvelope, fc.uint8Array(), (key, { expiresAtMs, payload }, before) => {
      const within = Buffer.concat([before, buildEnvelope(key, { expiresAtMs, payload })]);
      const read = readEnvelope(key, within.subarray(before.length));
      expect(read?.expiresAtMs).toBe(expiresAtMs);
      expect(Buffer.compare(read?.payload ?? Buffer.of(), payload)).toBe(0);
    }),
  );
});

test('under any other key there is nothing', () => {
  fc.assert(
    fc.property(anyKey, anyKey, anyEnvelope, (key, other, envelope) => {
      fc.pre(key !== other);
      expect(readEnvelope(other, buildEnvelope(key, envelope))).toBeUndefined();
    }),
  );
});

test.each([
  ['one that begins alike', 'tenant', 'tenant|scope'],
  ['one of the same length', 'tenant-a', 'tenant-b'],
  ['one with another lone surrogate, which UTF-8 cannot tell', 'tenant-\ud800', 'tenant-\ud801'],
  ['one with what stands for a lone surrogate in UTF-8', 'tenant-\ud800', 'tenant-\ufffd'],
])('under %s there is nothing', (_what, key, other) => {
  const envelope = { expiresAtMs: START_MS, payload: Buffer.from('scope') };
  expect(readEnvelope(other, buildEnvelope(key, envelope))).toBeUndefined();
  expect(readEnvelope(key, buildEnvelope(other, envelope))).toBeUndefined();
});

test('whatever is cut off or put on at its end, it is none any more', () => {
  fc.assert(
    fc.property(anyKey, anyEnvelope, fc.uint8Array({ minLength: 1 }), (key, envelope, more) => {
      const whole = buildEnvelope(key, envelope);
      for (let length = 0; length < whole.length; length += 1) expect(readEnvelope(key, whole.subarray(0, length))).toBeUndefined();
      expect(readEnvelope(key, Buffer.concat([whole, more]))).toBeUndefined();
    }),
  );
});

test('any bytes are read or passed over, but never thrown at', () => {
  const hostile = fc
    .record({ expiresAtMs: fc.double(), rest: fc.uint8Array() })
    .map(({ expiresAtMs, rest }) => Buffer.concat([buildHeader(FORMATS.envelope, { expiresAtMs }), rest]));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), hostile), (bytes) => {
      expect(readEnvelope('key', bytes)).toBeUndefined();
    }),
  );
});

test('a sealed entry is no envelope', () => {
  const envelope = Buffer.from(buildEnvelope('key', { expiresAtMs: START_MS, payload: Buffer.from('a token') }));
  envelope[0] = FORMATS.sealed;
  expect(readEnvelope('key', envelope)).toBeUndefined();
});
