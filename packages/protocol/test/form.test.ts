import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeForm, encodeFormValue } from '../src/encoding/form.ts';

test("CC-03: RFC 6749 Appendix B's example encodes to its octets", () => {
  expect(encodeFormValue(' %&+£€')).toBe('+%25%26%2B%C2%A3%E2%82%AC');
});

test('CC-10: a colon is escaped, and - . _ ~ are left bare', () => {
  expect(encodeFormValue('a:b c')).toBe('a%3Ab+c');
  expect(encodeFormValue('p+q%r/é~.-_')).toBe('p%2Bq%25r%2F%C3%A9~.-_');
});

test('CC-03: whatever is encoded, a standard decoder reads back in the same order', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text)), (fields) => {
      expect([...new URLSearchParams(encodeForm(fields))]).toEqual(fields.length === 0 ? [] : fields);
    }),
  );
});

test('CC-03: what a standard encoder escapes is escaped here too, but for ~', () => {
  const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => index + 0x20));
  const standard = new URLSearchParams([['', printable]]).toString().slice(1);
  expect(encodeFormValue(printable)).toBe(standard.replace('%7E', '~'));
});

test('CC-03: any text of Unicode, and any octets of UTF-8, come back as they were', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const encoded = encodeFormValue(text);
      expect(encoded).toMatch(/^[A-Za-z0-9\-._~*+%]*$/);
      expect(new URLSearchParams(`a=${encoded}`).get('a')).toBe(text);
      expect(decodeURIComponent(encoded.replaceAll('+', ' '))).toBe(text);
    }),
  );
});

test('half a surrogate pair is refused instead of being sent as something else', () => {
  expect(() => encodeFormValue('\ud800')).toThrowError(expect.objectContaining({ code: 'invalid_parameter' }));
});
