import { expect, test } from 'vitest';
import { readMetadata } from '../src/discovery/metadata.ts';
import { oauthMetadataUrl, openidConfigurationUrl, parseIssuer } from '../src/discovery/well-known.ts';

const issuer = 'https://as.example/tenant';
const document = {
  issuer,
  token_endpoint: 'https://login.as.example/token',
  token_endpoint_auth_methods_supported: ['private_key_jwt', 1],
};
const answer = (body: unknown, more = {}) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
});

test.each([
  ['https://example.com/issuer1', 'https://example.com/.well-known/oauth-authorization-server/issuer1'],
  ['https://example.com/', 'https://example.com/.well-known/oauth-authorization-server'],
  ['https://example.com', 'https://example.com/.well-known/oauth-authorization-server'],
  ['https://example.com/a/', 'https://example.com/.well-known/oauth-authorization-server/a'],
])('DI-02: the OAuth metadata of %s stand at %s', (name, url) => {
  expect(oauthMetadataUrl(name)).toBe(url);
});

test('DI-04: the OpenID configuration is appended to the issuer', () => {
  expect(openidConfigurationUrl('https://login.microsoftonline.com/t/v2.0')).toBe(
    'https://login.microsoftonline.com/t/v2.0/.well-known/openid-configuration',
  );
  expect(openidConfigurationUrl('https://a.example/')).toBe('https://a.example/.well-known/openid-configuration');
});

test.each(['http://as.example', 'https://as.example?x', 'https://as.example/#', 'as.example'])(
  'DI-01: the issuer %s is refused',
  (name) => {
    expect(() => parseIssuer(name)).toThrowError(expect.objectContaining({ code: 'invalid_url' }));
  },
);

test('DI-06, MT-03: what the client needs is read, and the rest passed over', () => {
  const aliases = { mtls_endpoint_aliases: { token_endpoint: 'https://mtls.as.example/token' } };
  expect(readMetadata(answer({ ...document, ...aliases, jwks_uri: 1 }), { issuer })).toEqual({
    profile: 'rfc',
    issuer,
    tokenEndpoint: 'https://login.as.example/token',
    mtlsTokenEndpoint: 'https://mtls.as.example/token',
    clientAuthenticationMethods: ['private_key_jwt'],
  });
});

test('MT-03: an alias that is no text is passed over', () => {
  expect(readMetadata(answer({ ...document, mtls_endpoint_aliases: { token_endpoint: null } }), { issuer })).not.toHaveProperty(
    'mtlsTokenEndpoint',
  );
});

test('an answer without a document keeps its status, its ids and its Retry-After', () => {
  const headers = { 'content-type': 'text/html', 'retry-after': '7', 'x-ms-request-id': 'r-1' };
  const facts = { name: 'TokenResponseError', status: 429, requestId: 'r-1', retryAfterMs: 7000, transient: true };
  expect(() => readMetadata(answer('', { status: 429, headers }), { issuer })).toThrowError(expect.objectContaining(facts));
});

test('DI-06: without a list of methods there is client_secret_basic', () => {
  const { token_endpoint } = document;
  expect(readMetadata(answer({ issuer, token_endpoint }), { issuer }).clientAuthenticationMethods).toEqual(['client_secret_basic']);
});

test.each(['https://as.example/tenant/', 'https://AS.example/tenant', 'https://evil.example', undefined])(
  'DI-03: a document of %s is not that of the issuer configured',
  (name) => {
    expect(() => readMetadata(answer({ ...document, issuer: name }), { issuer })).toThrowError(
      expect.objectContaining({ code: 'issuer_mismatch' }),
    );
  },
);

test.each([
  ['invalid_response', false, answer('<html>', { headers: { 'content-type': 'text/html' } })],
  ['invalid_response', false, answer(document, { status: 404 })],
  ['invalid_response', true, answer(document, { status: 503 })],
  ['invalid_response', false, answer('[1]')],
  ['invalid_response', false, answer({ issuer })],
  ['invalid_url', false, answer({ ...document, token_endpoint: 'http://as.example/token' })],
  ['invalid_url', false, answer({ ...document, mtls_endpoint_aliases: { token_endpoint: 'http://as.example/token' } })],
])('DI-05, DI-08: %s (transient: %s) for %j', (code, transient, response) => {
  expect(() => readMetadata(response, { issuer })).toThrowError(expect.objectContaining({ code, transient }));
});
