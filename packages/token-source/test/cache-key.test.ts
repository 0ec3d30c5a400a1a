/** Under which names tokens are kept: two that may differ never share one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KeyParts, looksLikeKey, quickKey, sourceKey, tokenKey } from '../src/cache-key.ts';

const scope = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
const scopes = fc.uniqueArray(scope);
/** What a tenant, a digest of claims or a thumbprint may look like, and absent ones. */
const part = fc.option(fc.stringMatching(/^[A-Za-z0-9._-]+$/), { nil: undefined });
const parts = fc.record({ scopes, tenant: part, claims: part, binding: part });

function sorted(kept: KeyParts): KeyParts {
  return { ...kept, scopes: kept.scopes.toSorted() };
}

test('CC-13, ENT-60: order changes nothing', () => {
  expect(tokenKey({ scopes: ['b', 'a'] })).toBe(tokenKey({ scopes: ['a', 'b'] }));
});

test('SEC-03, ENT-60: two tokens that differ in any part never share a key', () => {
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      expect(tokenKey(one) === tokenKey(other)).toBe(JSON.stringify(sorted(one)) === JSON.stringify(sorted(other)));
    }),
  );
});

test('where nothing but the scope differs, a key is its own key', () => {
  fc.assert(
    fc.property(scopes, (set) => {
      expect(quickKey(tokenKey({ scopes: set }), {})).toBe(tokenKey({ scopes: set }));
    }),
  );
});

test('what is no scope and no tenant finds no token of anybody', () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom('\n', 'a', 'b', ' ')).map((characters) => characters.join('')),
  );
  fc.assert(
    fc.property(parts, text, text, (kept, scope, tenant) => {
      fc.pre(!looksLikeKey(scope));
      const { scopes, tenant: own = '', claims, binding } = sorted(kept);
      const isTheSame = scopes.join(' ') === scope && own === tenant && claims === undefined && binding === undefined;
      expect(quickKey(scope, { tenant }) === tokenKey(kept)).toBe(isTheSame);
    }),
  );
});

describe('what stands before the keys in a shared store', () => {
  const source = {
    authority: { kind: 'entra', issuer: 'https://login.example/t/v2.0' },
    clientId: 'me',
    credentialKind: 'certificate',
    parameters: { audience: 'api', extra: { b: '1', a: '2' } },
  };

  test('does not depend on the order in which parameters were written', () => {
    expect(sourceKey({ ...source, parameters: { extra: { a: '2', b: '1' }, audience: 'api' } })).toBe(sourceKey(source));
  });

  test.each([
    ['issuer', { authority: { kind: 'entra', issuer: 'https://login.example.us/t/v2.0' } }],
    ['kind of authority', { authority: { kind: 'issuer', issuer: 'https://login.example/t/v2.0' } }],
    ['token endpoint', { authority: { ...source.authority, server: { tokenEndpoint: 'https://elsewhere.example' } } }],
    ['client', { clientId: 'other' }],
    ['kind of credential', { credentialKind: 'secret' }],
    ['audience', { parameters: { audience: 'other' } }],
    ['extra parameter', { parameters: { audience: 'api', extra: { a: '2' } } }],
    ['capabilities', { parameters: { ...source.parameters, capabilities: ['cp1'] } }],
  ])('ENT-40, ENT-60: differs with the %s', (_, change) => {
    expect(sourceKey({ ...source, ...change })).not.toBe(sourceKey(source));
  });
});
