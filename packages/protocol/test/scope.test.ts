import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseScope } from '../src/token-request/scope.ts';
import { thrown } from './thrown.ts';

test('CC-13: every character outside the grammar is refused, and every other one passes', () => {
  for (let code = 0; code < 256; code += 1) {
    const token = String.fromCharCode(code);
    const isAllowed = code === 0x21 || (code >= 0x23 && code <= 0x5b) || (code >= 0x5d && code <= 0x7e);
    if (code === 0x20) expect(parseScope(token)).toEqual([]);
    else if (isAllowed) expect(parseScope(token)).toEqual([token]);
    else expect(thrown(() => parseScope(token))).toMatchObject({ code: 'invalid_scope' });
  }
});

test('CC-13: any order of the same tokens is the same set', () => {
  const tokens = fc.array(fc.stringMatching(/^[!#-[\]-~]+$/), { maxLength: 8 });
  fc.assert(
    fc.property(tokens, (list) => {
      const text = list.join('  ');
      expect(parseScope(text)).toEqual(parseScope(list));
      expect(new Set(parseScope(list.toReversed()))).toEqual(new Set(parseScope(text)));
      expect(parseScope(text)).toHaveLength(new Set(list).size);
    }),
  );
});

test.each([7, {}, [7], ['a', undefined], [null], [{ toString: 0 }], true])('CC-13: %j is no scope, and is said so', (scope) => {
  expect(thrown(() => parseScope(scope as string))).toMatchObject({
    code: 'invalid_scope',
    message: expect.stringContaining('The scope is'),
  });
});
