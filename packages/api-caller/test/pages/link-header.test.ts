/** The Link header, as RFC 8288 has it and as servers write it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readNextLink } from '../../src/pages/link-header.ts';

test.for<[string, string | string[], string | undefined]>([
  ['the usual form', '<https://api.example/?page=2>; rel="next", <https://api.example/?page=9>; rel="last"', 'https://api.example/?page=2'],
  ['not the first link', '</?page=1>; rel="prev", </?page=3>; rel="next"', '/?page=3'],
  ['on a line of its own', ['</?page=1>; rel=first', '</?page=3>; rel=next'], '/?page=3'],
  ['without quotes, in capitals, with spaces', '</2> ;  REL = NEXT', '/2'],
  ['several relations', '</2>; rel="alternate next"', '/2'],
  ['behind other parameters', '</2>; title="a, b; rel=\\"prev\\""; rel=next; hreflang=en', '/2'],
  ['a comma and a semicolon in the URL', '<https://api.example/a,b;c?x=1,2>; rel=next', 'https://api.example/a,b;c?x=1,2'],
  ['the first rel counts', '</2>; rel=prev; rel=next', undefined],
  ['a relation that only contains the word', '</2>; rel="nextish"', undefined],
  ['next in a title', '</2>; title="rel=next"', undefined],
  ['no link', '', undefined],
  ['no header', [], undefined],
])('%s', ([, header, expected]) => {
  expect(readNextLink([header].flat())).toBe(expected);
});

test('whatever stands there, it comes to an end without an error', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void readNextLink([text, `<${text}>; rel="next`, `<x>;${text}`])));
});

test('a long header that is no link takes no long time', () => {
  // Quadratic, this would take minutes; the bound on a head is 16 KiB.
  readNextLink([`<a>${'; a="'.repeat(4000)}`, `<a>${';  a  =  '.repeat(2000)}`, '<'.repeat(16_000)]);
});
