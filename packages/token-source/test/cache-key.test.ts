import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenKey } from '../src/cache-key.ts';

const token = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
const set = fc.uniqueArray(token);

test('CC-13, ENT-60: order changes nothing', () => {
  expect(tokenKey(['b', 'a'])).toBe(tokenKey(['a', 'b']));
});

test('SEC-03: two different sets never share a key, and a key is its own key', () => {
  fc.assert(
    fc.property(set, set, (one, other) => {
      const same = one.length === other.length && one.every((scope) => other.includes(scope));
      expect(tokenKey(one) === tokenKey(other)).toBe(same);
      expect(tokenKey(tokenKey(one).split(' '))).toBe(tokenKey(one));
    }),
  );
});
