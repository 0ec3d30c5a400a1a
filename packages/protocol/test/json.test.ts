import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memberNames, toJson } from '../src/encoding/json.ts';

test('CC-24: the names of an object are found in their order, whatever stands between them', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (object, space) => {
      expect(memberNames(JSON.stringify(object, undefined, space)).toSorted()).toEqual(Object.keys(object).toSorted());
    }),
  );
});

test.each([
  ['{"a":1,"b":2,"a":3}', ['a', 'b', 'a']],
  ['{ "a"\r\n\t : "b" , "\\u0061" : {} }', ['a', 'a']],
  ['{"a\\"":"\\\\","b":"}\\":{"}', ['a"', 'b']],
  ['{"a":["b",{"c":1}],"d":{"a":[]}}', ['a', 'd']],
  ['{}', []],
  ['{"a:b":":","c":["d",{":":1}]}', ['a:b', 'c']],
])('CC-24: the members of %s are %j', (json, names) => {
  expect(memberNames(json)).toEqual(names);
});

test('CC-24: a megabyte of anything is read in linear time', () => {
  const megabyte = 2 ** 20;
  const texts = [
    `{"a":"${'x'.repeat(megabyte)}"}`,
    `{"a":"${'\\\\'.repeat(megabyte / 2)}"}`,
    `{"a"${' '.repeat(megabyte)}:"b"${' '.repeat(megabyte)}}`,
    `{"a":${'['.repeat(megabyte / 2)}${']'.repeat(megabyte / 2)}}`,
  ];
  for (const text of texts) expect(memberNames(text)).toEqual(['a']);
});

test('CC-24: 16 MiB of escapes, of white space or of one name overflow no stack', () => {
  const size = 2 ** 24;
  expect(memberNames(`{"a":"${'\\n'.repeat(size / 2)}","b":1}`)).toEqual(['a', 'b']);
  expect(memberNames(`{"a"${' '.repeat(size)}:1,"b":2}`)).toEqual(['a', 'b']);
  expect(memberNames(`{"${'\\"'.repeat(size / 2)}":1}`)[0]).toHaveLength(size / 2);
});

test('what JSON cannot carry is undefined, and nothing is thrown', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  expect(
    [
      circle,
      1n,
      undefined,
      {
        toJSON: () => {
          throw new Error('marker');
        },
      },
    ].map(toJson),
  ).toEqual([undefined, undefined, undefined, undefined]);
  expect(toJson({ a: [1] })).toBe('{"a":[1]}');
});
