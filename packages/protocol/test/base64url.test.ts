import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64url, encodeBase64url } from '../src/encoding/base64url.ts';
import { thrown } from './thrown.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

test('JO-01: any octets come back, and their text holds nothing but the alphabet', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = encodeBase64url(bytes);
      expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
      expect(decodeBase64url(text)).toEqual(bytes);
    }),
  );
});

test('JO-01: a text is decoded if it is what its octets encode to, and refused if it is anything else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: fc.constantFrom(...ALPHABET) }), fc.string({ unit: 'binary' })), (text) => {
      // By the definition of RFC 4648 §5, bit by bit.
      const bits = [...text].map((character) => ALPHABET.indexOf(character).toString(2).padStart(6, '0')).join('');
      const isCanonical = !bits.includes('-') && bits.length % 8 < 6 && !bits.slice(bits.length - (bits.length % 8)).includes('1');
      if (isCanonical) expect(decodeBase64url(text)).toEqual(Uint8Array.from(bits.match(/.{8}/g) ?? [], (octet) => Number(`0b${octet}`)));
      else expect(thrown(() => decodeBase64url(text))).toMatchObject({ code: 'invalid_parameter' });
    }),
  );
});

test('JO-01: a part of a buffer is encoded alone, and a text as UTF-8', () => {
  expect(encodeBase64url(Uint8Array.of(9, 3, 236, 255, 224, 193, 9).subarray(1, 6))).toBe('A-z_4ME');
  expect(encodeBase64url('ü')).toBe('w7w');
});
