/** Tokens as they are written for other processes: what was written comes back, and whatever else is there is no token. */
import { inspect } from 'node:util';
import { createAccessToken } from '@client-credentials/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenCodec } from '../../src/token-codec.ts';
import { sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';

const codec = createTokenCodec({ bindingOf: () => undefined, onDecoded: () => {} });
const WRITTEN = { value: 'a.b', tokenType: 'Bearer', expiresAtMs: 2, receivedAtMs: 1, scopes: ['s'], narrowed: false };
const decode = (json: unknown): unknown => codec.decode(Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)));

test('what was written comes back, and shows its value no more than before', () => {
  const { value, ...properties } = { ...WRITTEN, refreshAtMs: 1.5, extendedExpiresAtMs: 3 };
  const token = createAccessToken(value, properties as Parameters<typeof createAccessToken>[1]);
  const back = codec.decode(codec.encode(token));
  expect({ ...back }).toEqual({ ...token });
  expect(back.value).toBe('a.b');
  expect(inspect(back, { showHidden: true, depth: 9 }) + JSON.stringify(back)).not.toContain('a.b');
});

test('a bound token is for who has its key, and for nobody else', () => {
  const binding = { thumbprint: 'mine' };
  const own = createTokenCodec({ bindingOf: (thumbprint) => (thumbprint === 'mine' ? binding : undefined), onDecoded: () => {} });
  const bound = { ...WRITTEN, tokenType: 'mtls_pop', boundTo: 'mine' };
  expect(own.decode(Buffer.from(JSON.stringify(bound)))).toMatchObject({ tokenType: 'mtls_pop', binding });
  expect(() => decode(bound)).toThrow();
  expect(() => own.decode(Buffer.from(JSON.stringify({ ...bound, boundTo: 'another' })))).toThrow();
});

describe('it is no token', () => {
  test.for<[string, object]>([
    ['without a value', { value: undefined }],
    ['with an empty value', { value: '' }],
    ['with a value that no header can hold', { value: 'a\r\nb' }],
    ['with a value outside ASCII', { value: 'é' }],
    ['of a type that nobody asked for', { tokenType: 'mac' }],
    ['bound to a key that is not named', { tokenType: 'DPoP' }],
    ['without an end', { expiresAtMs: undefined }],
    ['with an end that is no number', { expiresAtMs: '2' }],
    ['with scopes that are no list', { scopes: 's' }],
    ['with a scope that is no text', { scopes: [1] }],
    ['with a renewal that is no number', { refreshAtMs: 'soon' }],
    ['without the word on its scopes', { narrowed: 1 }],
  ])('%s', ([, change]) => {
    expect(() => decode({ ...WRITTEN, ...change })).toThrow();
  });

  test.for(['null', '[]', '7', '"x"', '{', ''])('%s', (text) => {
    expect(() => decode(text)).toThrow();
  });
});

test('whatever bytes a store returns, a caller gets a valid token and not an error', async () => {
  const loopback = await startLoopback(sendToken);
  let bytes: Uint8Array = new Uint8Array();
  const store = { read: async () => bytes, write: async () => {}, delete: async () => {} };
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.json().map((json) => Buffer.from(json)),
    fc
      .record({ ...mutations(), value: fc.oneof(fc.constant('a.b'), fc.string(), fc.integer()) })
      .map((entry) => Buffer.from(JSON.stringify(entry))),
  );
  await fc.assert(
    fc.asyncProperty(junk, async (read) => {
      bytes = read;
      const { source } = sourceFor(loopback, { cache: { store } });
      expect((await source.getToken('a')).value).toMatch(/^token-\d+$/);
      await source.close();
    }),
    { numRuns: 60 },
  );
});

/** Each member as it should be, or anything. */
function mutations(): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(Object.entries(WRITTEN).map(([name, value]) => [name, fc.oneof(fc.constant(value), fc.jsonValue())]));
}
