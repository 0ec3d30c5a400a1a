import fc from 'fast-check';
import forge from 'node-forge';
import { expect, test } from 'vitest';
import {
  contentOf,
  contextTag,
  DerError,
  explicit,
  objectIdentifier,
  readElement,
  sequence,
  TAG,
  wholeNumber,
} from '../src/certificate/der.ts';
import { element } from './pkcs12-builder.ts';
import { thrown } from './thrown.ts';

const octets = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex');

test.each([
  ['a length of one octet', '04 02 aabb', 'aabb', '04 02 aabb'],
  ['an empty content', '04 00', '', '04 00'],
  ['the longest of one octet', `04 7f ${'00'.repeat(127)}`, '00'.repeat(127), `04 7f ${'00'.repeat(127)}`],
  ['the shortest of two', `04 81 80 ${'00'.repeat(128)}`, '00'.repeat(128), `04 81 80 ${'00'.repeat(128)}`],
  ['the example of X.690 §8.1.3.5, 201', `04 81 c9 ${'11'.repeat(201)}`, '11'.repeat(201), `04 81 c9 ${'11'.repeat(201)}`],
  ['a length of three octets', `04 82 0100 ${'22'.repeat(256)}`, '22'.repeat(256), `04 82 0100 ${'22'.repeat(256)}`],
])('CE-08: %s', (_, hex, content, whole) => {
  const read = readElement(octets(hex));
  expect(read.tag).toBe(4);
  expect(Buffer.from(read.content)).toEqual(octets(content));
  expect(Buffer.from(read.octets)).toEqual(octets(whole));
});

test.each([
  ['nothing at all', '', false, 'nothing where an element should be'],
  ['no length', '04', false, 'cut off'],
  ['a content too short', '04 02 aa', false, 'cut off'],
  ['length octets too few', '04 82 01', false, 'cut off'],
  ['a length of 127 octets', `04 ff ${'ff'.repeat(10)}`, false, 'cut off'],
  ['something behind it', '04 01 aa 00', false, 'cut off'],
  ['a second element', '04 01 aa 05 00', false, 'bytes follow the end'],
  ['a tag of several octets', '1f 01 00', false, 'tag 1f is of no known kind'],
  ['an open length', '30 80 00 00', true, 'left open'],
  ['127 in two octets', `04 81 7f ${'00'.repeat(127)}`, true, 'longer than it need be'],
  ['a leading zero in the length', `04 82 0080 ${'00'.repeat(128)}`, true, 'longer than it need be'],
  ['a leading zero before a long length', `04 83 000100 ${'00'.repeat(256)}`, true, 'longer than it need be'],
])('CE-08: %s is refused', (_, hex, isBer, words) => {
  const error = thrown(() => readElement(octets(hex)));
  expect(error).toBeInstanceOf(DerError);
  expect(error).toMatchObject({ isBer, message: expect.stringContaining(words) });
});

test('CE-08: a SEQUENCE holds 256 elements at most', () => {
  const nulls = (count: number) => readElement(element(0x30, ...new Array(count).fill(octets('05 00'))));
  expect(sequence(nulls(256))).toHaveLength(256);
  expect(thrown(() => sequence(nulls(257)))).toMatchObject({ isBer: false, message: 'more than 256 elements stand in a row' });
});

test('CE-08: an element must be there, and be what it should be', () => {
  const string = readElement(octets('04 01 aa'));
  expect(Buffer.from(contentOf(string, TAG.octetString))).toEqual(octets('aa'));
  expect(thrown(() => contentOf(undefined, TAG.octetString))).toMatchObject({
    message: 'there is nothing where tag 04 should be',
    isBer: false,
  });
  expect(thrown(() => contentOf(string, TAG.sequence))).toMatchObject({ message: 'there is tag 04 where tag 30 should be', isBer: false });
  expect(thrown(() => contentOf(readElement(octets('24 03 04 01 aa')), TAG.octetString))).toMatchObject({ isBer: true });
});

test('CE-08: an explicit tag holds exactly one element', () => {
  expect(explicit(readElement(octets('a1 02 05 00')), 1).tag).toBe(5);
  expect(contextTag(3)).toBe(0xa3);
  for (const hex of ['a0 02 05 00', 'a1 00', 'a1 04 05 00 05 00']) {
    expect(thrown(() => explicit(readElement(octets(hex)), 1))).toBeInstanceOf(DerError);
  }
});

test.each([
  ['02 01 00', 0],
  ['02 01 7f', 127],
  ['02 02 0080', 128],
  ['02 02 0800', 2048],
  ['02 03 0186a1', 100_001],
  ['02 09 00ffffffffffffffff', 2 ** 64],
])('CE-08: the INTEGER %s is %d', (hex, value) => {
  expect(wholeNumber(readElement(octets(hex)))).toBe(value);
});

test.each(['02 00', '02 01 80', '02 02 ff00'])('CE-08: the INTEGER %s is empty or negative, and refused', (hex) => {
  expect(thrown(() => wholeNumber(readElement(octets(hex))))).toBeInstanceOf(DerError);
});

test.each([
  ['06 03 88 37 03', '2.999.3', 'X.690 §8.19.5'],
  ['06 09 2a864886f70d010c0a', '1.2.840.113549.1.12.10', ''],
  ['06 01 27', '0.39', ''],
  ['06 01 28', '1.0', ''],
  ['06 01 50', '2.0', ''],
])('CE-08: the OBJECT IDENTIFIER %s is %s', (hex, dotted) => {
  expect(objectIdentifier(readElement(octets(hex)))).toBe(dotted);
});

test('CE-08: an OBJECT IDENTIFIER has 64 octets at most', () => {
  expect(objectIdentifier(readElement(element(0x06, Buffer.alloc(64, 1))))).toBe(`0${'.1'.repeat(64)}`);
  expect(thrown(() => objectIdentifier(readElement(element(0x06, Buffer.alloc(65, 1)))))).toMatchObject({
    message: 'an object identifier is too long',
  });
});

test('CE-08: object identifiers are read as node-forge writes them', () => {
  const arc = fc.integer({ min: 0, max: 2 ** 31 - 1 });
  const root = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 39 }));
  fc.assert(
    fc.property(root, fc.array(arc, { maxLength: 8 }), (first, others) => {
      const dotted = [...first, ...others].join('.');
      const content = Buffer.from(forge.asn1.oidToDer(dotted).getBytes(), 'latin1');
      expect(objectIdentifier(readElement(element(0x06, content)))).toBe(dotted);
    }),
  );
});

test('CE-08: whatever the octets, an element or a DerError comes out, and the element is a piece of them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        expect(Buffer.from(readElement(bytes).octets)).toEqual(Buffer.from(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(DerError);
      }
    }),
  );
});
