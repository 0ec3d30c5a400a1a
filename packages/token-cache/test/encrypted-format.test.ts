/** Sealed entries byte by byte: one made elsewhere, one opened by hand, and every way to change one. */
import { createDecipheriv, createSecretKey } from 'node:crypto';
import { encrypted } from '@client-credentials/token-cache/encrypted';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SealingKey } from '../src/encrypted/key-ring.ts';
import { openEntry, readSealedEntry, sealEntry } from '../src/encrypted/sealed-entry.ts';
import { buildHeader, FORMATS } from '../src/expiry-header.ts';
import { OLD } from './encryption.ts';
import { MemoryStore } from './memory-store.ts';
import { createClock, HOUR_MS, START_MS } from './support.ts';

const EXPIRES_AT_MS = START_MS + HOUR_MS;
const SEALING_KEY: SealingKey = {
  id: Buffer.from('clé-1'),
  secret: createSecretKey(Buffer.from(Array.from({ length: 32 }, (_, index) => index))),
};
const IV = Buffer.from('404142434445464748494a4b', 'hex');

/** Any text, lone surrogates and all. */
const anyKey = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
const anyIv = fc.uint8Array({ minLength: 12, maxLength: 12 });
const anyId = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 63 })
  .map((id) => Buffer.from(id))
  .filter(({ length }) => length <= 255);

test('an entry has the bytes that another implementation of AES-GCM gives it', () => {
  const sealed = sealEntry(Buffer.from('a token'), { cacheKey: 'tenant|scope é', expiresAtMs: START_MS, sealingKey: SEALING_KEY, iv: IV });
  // Made with the Python package cryptography.
  expect(Buffer.from(sealed).toString('hex')).toBe(
    [
      ['c2', '427a3185c5000000', '06', '636cc3a92d31'].join(''),
      '404142434445464748494a4b',
      'd8dff65a1a2900a626aa8ed79b31ffe8',
      '8399da4c4d59e9',
    ].join(''),
  );
});

test('an entry that the store wrote is opened by hand, from the description of its form alone', async () => {
  const inner = new MemoryStore({ now: createClock().now });
  const store = encrypted(inner, [OLD], { now: createClock().now });
  await store.write('name', { key: 'tenant|é', bytes: Buffer.from('a token'), expiresAtMs: EXPIRES_AT_MS });

  const sealed = Buffer.from(inner.entries.get('name')?.bytes ?? []);
  expect(sealed.readUInt8(0)).toBe(0xc2);
  expect(sealed.readDoubleBE(1)).toBe(EXPIRES_AT_MS);
  expect(sealed.readUInt8(9)).toBe(3);
  expect(sealed.toString('utf8', 10, 13)).toBe('old');
  const decipher = createDecipheriv('aes-256-gcm', Buffer.alloc(32, 1), sealed.subarray(13, 25));
  decipher.setAAD(Buffer.concat([sealed.subarray(0, 13), Buffer.from('tenant|é', 'utf16le')]));
  decipher.setAuthTag(sealed.subarray(25, 41));
  expect(decipher.update(sealed.subarray(41), undefined, 'utf8') + decipher.final('utf8')).toBe('a token');
});

test('what was sealed is opened again, wherever in a larger buffer the entry lies', () => {
  fc.assert(
    fc.property(anyKey, fc.uint8Array(), anyId, anyIv, fc.uint8Array(), (cacheKey, bytes, id, iv, before) => {
      const sealed = sealEntry(bytes, { cacheKey, expiresAtMs: EXPIRES_AT_MS, sealingKey: { ...SEALING_KEY, id }, iv });
      const entry = readSealedEntry(Buffer.concat([before, sealed]).subarray(before.length));
      expect(entry?.expiresAtMs).toBe(EXPIRES_AT_MS);
      expect(entry?.keyId.equals(id)).toBe(true);
      expect(Buffer.from((entry && openEntry(entry, { cacheKey, secret: SEALING_KEY.secret })) ?? 'unopened')).toEqual(Buffer.from(bytes));
    }),
  );
});

test('under any other cache key it is not opened', () => {
  fc.assert(
    fc.property(anyKey, anyKey, (cacheKey, other) => {
      fc.pre(cacheKey !== other);
      expect(reopened(seal(cacheKey), other)).toBeUndefined();
    }),
  );
});

test.each([
  ['the first with a part of the other before it', 'tenant|scope', 'scope'],
  ['two lone surrogates, which UTF-8 cannot tell apart', 'tenant-\ud800', 'tenant-\ud801'],
  ['a lone surrogate and what stands for it in UTF-8', 'tenant-\ud800', 'tenant-\ufffd'],
])('cache keys that are %s do not open each other', (_what, one, other) => {
  expect(reopened(seal(one), other)).toBeUndefined();
  expect(reopened(seal(other), one)).toBeUndefined();
});

test('with any one bit flipped it is not opened', () => {
  const sealed = seal('key');
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(reopened(changed, 'key'), `bit ${bit}`).toBeUndefined();
  }
});

test('whatever is cut off or put on at its end, it is not opened', () => {
  const sealed = seal('key');
  for (let length = 0; length < sealed.length; length += 1) expect(reopened(sealed.subarray(0, length), 'key')).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (more) => {
      expect(reopened(Buffer.concat([sealed, more]), 'key')).toBeUndefined();
    }),
  );
});

test('where the id ends cannot be moved into the cache key', () => {
  const sealed = seal('key');
  const shortened = Buffer.concat([sealed.subarray(0, 9), Buffer.of(5), sealed.subarray(10)]);
  expect(reopened(shortened, '1\0key')).toBeUndefined();
});

test('any bytes are read or passed over, but never thrown at', () => {
  const hostile = fc
    .record({ expiresAtMs: fc.double(), idLength: fc.integer({ min: 0, max: 255 }), rest: fc.uint8Array({ maxLength: 300 }) })
    .map(({ expiresAtMs, idLength, rest }) => Buffer.concat([buildHeader(FORMATS.sealed, { expiresAtMs }), Buffer.of(idLength), rest]));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), hostile), (bytes) => {
      expect(reopened(bytes, 'key')).toBeUndefined();
    }),
  );
});

function seal(cacheKey: string): Buffer {
  return Buffer.from(sealEntry(Buffer.from('a token'), { cacheKey, expiresAtMs: EXPIRES_AT_MS, sealingKey: SEALING_KEY, iv: IV }));
}

/** Whatever the id says, with the right secret. */
function reopened(bytes: Uint8Array, cacheKey: string): Uint8Array | undefined {
  const entry = readSealedEntry(bytes);
  return entry && openEntry(entry, { cacheKey, secret: SEALING_KEY.secret });
}
