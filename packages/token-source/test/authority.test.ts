// What an authority is refused for at once, and what it takes without a question.
import { expect, test } from 'vitest';
import { entra, issuer } from '../src/index.ts';

test.each(['common', 'organizations', 'consumers', '9188040d-6c67-4c5b-b112-36a304b66dad'])(
  'ENT-02: the tenant %s is refused at once',
  (tenant) => {
    expect(() => entra({ tenant })).toThrowError(expect.objectContaining({ code: 'invalid_tenant' }));
  },
);

test('a host that is none of Microsoft’s is asked about before it is used, unless it is trusted in so many words', () => {
  const options = { tenant: 'contoso.com', authorityHost: 'login.microsoftonline.com.evil.example' };
  expect(entra(options).server).toBeUndefined();
  expect(entra({ ...options, trustAuthorityHost: true }).server?.tokenEndpoint).toMatch(
    /^https:\/\/login\.microsoftonline\.com\.evil\.example\//,
  );
});

test.each(['login.microsoftonline.us', 'https://127.0.0.1:8443', 'https://localhost:1'])(
  'the host %s needs no such word',
  (authorityHost) => {
    expect(entra({ tenant: 'contoso.com', authorityHost }).server?.tokenEndpoint).toContain(authorityHost);
  },
);

test.each([
  ['http://as.example', {}, 'invalid_url'],
  ['http://127.0.0.1', {}, 'invalid_url'],
  ['https://as.example#x', {}, 'invalid_url'],
  ['https://as.example', { discovery: 'none' }, 'invalid_configuration'],
  ['https://as.example', { discovery: 'oauth', tokenEndpoint: 'https://as.example/t' }, 'invalid_configuration'],
  ['https://as.example', { tokenEndpoint: 'https://u:p@as.example/t' }, 'invalid_url'],
  ['https://as.example', { tokenEndpoint: 'https://as.example/t#x' }, 'invalid_url'],
  ['https://as.example', { tokenEndpoint: 'http://as.example/t' }, 'invalid_url'],
] as const)('DI-01, CC-05, CC-07: the issuer %s with %j is refused at once: %s', (url, options, code) => {
  expect(() => issuer(url, options)).toThrowError(expect.objectContaining({ code }));
});
