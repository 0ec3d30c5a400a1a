import { expect, test } from 'vitest';
import { keyPrefix, type SourceIdentity, tokenKey } from '../src/cache-key.ts';
import { entra, issuer } from '../src/index.ts';

const identity: SourceIdentity = { authority: entra({ tenant: 'contoso.com' }), clientId: 'me', credentialKind: 'secret', parameters: {} };
const key = (more: Partial<SourceIdentity> = {}, scopes: readonly string[] = ['a']): string =>
  tokenKey(keyPrefix({ ...identity, ...more }), scopes);

test('ENT-40, ENT-60, SEC-03: whatever shapes a token gives it another key', () => {
  const keys = [
    key(),
    key({}, ['b']),
    key({}, ['a', 'b']),
    key({}, []),
    key({ authority: entra({ tenant: 'fabrikam.com' }) }),
    key({ authority: entra({ tenant: 'contoso.com', cloud: 'usgov' }) }),
    key({ authority: issuer('https://as.example') }),
    key({ authority: issuer('https://as.example/') }),
    key({ authority: issuer('https://as.example', { tokenEndpoint: 'https://as.example/token' }) }),
    key({ clientId: 'other' }),
    key({ credentialKind: 'certificate' }),
    key({ parameters: { resource: 'https://a' } }),
    key({ parameters: { resource: ['https://a', 'https://b'] } }),
    key({ parameters: { audience: 'https://a' } }),
    key({ parameters: { extra: { x: '1' } } }),
    key({ parameters: { extra: { x: '1', y: '' } } }),
    key({ parameters: { extra: { 'x","1': '' } } }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test('ENT-60: order changes nothing', () => {
  expect(key({}, ['b', 'a'])).toBe(key({}, ['a', 'b']));
  expect(key({ parameters: { resource: ['https://b', 'https://a'], extra: { y: '2', x: '1' } } })).toBe(
    key({ parameters: { resource: ['https://a', 'https://b'], extra: { x: '1', y: '2' } } }),
  );
});
