import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createAccessToken } from '../src/token-response/access-token.ts';

const properties = { tokenType: 'DPoP', expiresAtMs: 2, receivedAtMs: 1, scopes: Object.freeze(['a']), narrowed: false } as const;
const binding = { thumbprint: 'marker-thumbprint', tls: { cert: 'marker-certificate', key: 'marker-key' } };
const plain = createAccessToken('marker-token', properties);
const bound = createAccessToken('marker-token', { ...properties, refreshAtMs: 1, binding });

test('a token gives its value and its binding to whoever asks for them', () => {
  expect([plain.value, plain.binding]).toEqual(['marker-token', undefined]);
  expect([bound.value, bound.binding]).toEqual(['marker-token', binding]);
  expect(bound.binding).toBe(binding);
});

test('what is no secret is there to be seen, copied and printed', () => {
  expect({ ...plain }).toEqual(properties);
  expect(JSON.parse(JSON.stringify(bound))).toEqual({ ...properties, refreshAtMs: 1 });
});

test.each([
  ['plain', plain],
  ['bound', bound],
] as const)('CC-32, SEC-08: a %s token is mute to inspect, format, JSON, spread, entries and clones', (_, token) => {
  const prints = [
    inspect(token, { showHidden: true, depth: 9 }),
    inspect(token, { showHidden: true, getters: true, depth: 9 }),
    inspect([token], { showHidden: true, getters: 'get', depth: 9 }),
    inspect(token, { getters: false, customInspect: false }),
    inspect({ nested: [token] }, { depth: 9 }),
    format('%s %o %O %j', token, token, token, token),
    String(token),
    JSON.stringify([token]),
    JSON.stringify({ ...token }),
    JSON.stringify(Object.entries(token)),
    JSON.stringify(Object.getOwnPropertyDescriptors(token)),
    inspect(structuredClone(token), { showHidden: true, depth: 9 }),
    inspect(Object.assign({}, token), { showHidden: true }),
    new Error('x', { cause: token }).stack ?? '',
    inspect(new Error('x', { cause: token })),
  ];
  for (const print of prints) expect(print).not.toContain('marker');
});

test('the token is frozen, so that whoever is handed it cannot change it for others', () => {
  for (const token of [plain, bound]) {
    expect(Object.isFrozen(token)).toBe(true);
    expect(() => Object.assign(token, { value: 'other' })).toThrow(TypeError);
    expect(() => Object.assign(token, { expiresAtMs: 9 })).toThrow(TypeError);
  }
  expect(() => Object.assign(bound, { binding: undefined })).toThrow(TypeError);
});

test('a token without a binding has none to be found', () => {
  expect('binding' in plain).toBe(false);
  expect('binding' in bound).toBe(true);
});

test('what is no secret is printed under the name of its class', () => {
  expect(inspect(bound)).toBe(
    "OpaqueAccessToken {\n  tokenType: 'DPoP',\n  expiresAtMs: 2,\n  receivedAtMs: 1,\n  scopes: [ 'a' ],\n  narrowed: false,\n  refreshAtMs: 1\n}",
  );
  expect(inspect(plain)).toMatch(/^OpaqueAccessToken \{/);
});
