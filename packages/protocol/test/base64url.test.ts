import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64url, encodeBase64url } from '../src/encoding/base64url.ts';

test("JO-01: RFC 7515 Appendix C's octets encode to A-z_4ME", () => {
  expect(encodeBase64url(Uint8Array.of(3, 236, 255, 224, 193))).toBe('A-z_4ME');
  expect(decodeBase64url('A-z_4ME')).toEqual(Uint8Array.of(3, 236, 255, 224, 193));
});

test('JO-01: any octets come back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes);
    }),
  );
});

test.each(['A-z_4ME=', 'A+z/4ME', 'A-z_ 4ME', 'A', 'A-z_4MF', 'é'])(
  'JO-01: %j is refused: padding, alphabet, space, length or stray bits',
  (text) => {
    expect(() => decodeBase64url(text)).toThrowError(expect.objectContaining({ code: 'invalid_parameter' }));
  },
);
