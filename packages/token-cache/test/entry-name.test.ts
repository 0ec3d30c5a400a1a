/** Names of entries: a known digest, and a shape that suits every store. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryName } from '../src/entry-name.ts';

test.each([
  ['', '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'],
  ['abc', 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0'],
  ['é', 'SplVfkAzw1Od4utlRyAXytX5VX96BiWgnxw_biumnEw'],
])('the name of %o is the SHA-256 of its UTF-8, in base64url', (key, name) => {
  expect(entryName(key)).toBe(name);
});

test('a name has 43 characters that are good in any file name and any key, whatever the key it stands for', () => {
  fc.assert(
    fc.property(fc.string({ unit: codeUnit }), (key) => {
      expect(entryName(key)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    }),
  );
});

/** Of UTF-16, whether it makes a character or not. */
const codeUnit = fc.nat(0xffff).map((unit) => String.fromCharCode(unit));
