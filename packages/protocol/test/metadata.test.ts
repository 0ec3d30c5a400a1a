import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMetadata } from '../src/discovery/metadata.ts';
import { ProtocolError } from '../src/errors.ts';
import { thrown } from './thrown.ts';

const issuer = 'https://as.example/tenant';
const document = { issuer, token_endpoint: 'https://login.as.example/token' };
const answer = (body: unknown, more = {}) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
});
const twice = (name: string) => JSON.stringify({ ...document, x1: {}, x2: {} }).replace(/x[12]/g, name);
const read = (more: object) => readMetadata(answer({ ...document, ...more }), { issuer });

test.each([
  ['mtls_endpoint_aliases', 'https://mtls.as.example/token'],
  ['mtls_endpoint_aliases', null],
  ['mtls_endpoint_aliases', { token_endpoint: null, revocation_endpoint: 1, introspection_endpoint: [] }],
  ['revocation_endpoint', { url: 'https://as.example/revoke' }],
  ['introspection_endpoint', 7],
  ['token_endpoint_auth_methods_supported', 'private_key_jwt'],
  ['token_endpoint_auth_methods_supported', []],
  ['token_endpoint_auth_methods_supported', [1]],
  ['token_endpoint_auth_signing_alg_values_supported', []],
  ['token_endpoint_auth_signing_alg_values_supported', { RS256: true }],
  ['dpop_signing_alg_values_supported', ['none', 1]],
  ['grant_types_supported', ['authorization_code']],
  ['jwks_uri', 1],
])('DI-05, DI-06: %s as %j counts as absent', (member, value) => {
  expect(read({ [member]: value })).toEqual({
    profile: 'rfc',
    issuer,
    tokenEndpoint: 'https://login.as.example/token',
    clientAuthenticationMethods: ['client_secret_basic'],
  });
});

test('DI-07: none is an ignored entry of a list of algorithms, and a method that a server may list', () => {
  const lists = {
    token_endpoint_auth_methods_supported: ['none'],
    token_endpoint_auth_signing_alg_values_supported: ['none', 'PS256'],
    dpop_signing_alg_values_supported: ['ES256', 'none', 'NONE'],
  };
  expect(read(lists)).toMatchObject({
    clientAuthenticationMethods: ['none'],
    clientAssertionAlgorithms: ['PS256'],
    dpopAlgorithms: ['ES256', 'NONE'],
  });
});

test('MT-03: each of the three endpoints has an alias of its own', () => {
  const endpoints = (host: string) => ({
    token_endpoint: `https://${host}/t`,
    revocation_endpoint: `https://${host}/r`,
    introspection_endpoint: `https://${host}/i`,
  });
  expect(read({ ...endpoints('as.example'), mtls_endpoint_aliases: endpoints('mtls.example') })).toMatchObject({
    tokenEndpoint: 'https://as.example/t',
    mtlsTokenEndpoint: 'https://mtls.example/t',
    revocationEndpoint: 'https://as.example/r',
    mtlsRevocationEndpoint: 'https://mtls.example/r',
    introspectionEndpoint: 'https://as.example/i',
    mtlsIntrospectionEndpoint: 'https://mtls.example/i',
  });
});

test.each([
  [{ token_endpoint: 'http://as.example/token' }, '"http://as.example/token"'],
  [{ token_endpoint: 'https://as.example/token#x' }, '"https://as.example/token"'],
  [{ token_endpoint: 'token' }, '"token"'],
  [{ mtls_endpoint_aliases: { token_endpoint: 'http://mtls.as.example/token' } }, '"http://mtls.as.example/token"'],
])('DI-08, MT-03: %j is no place for a credential', (member, shown) => {
  expect(thrown(() => read(member))).toMatchObject({
    code: 'invalid_url',
    transient: false,
    message: expect.stringContaining(`The metadata's token endpoint is ${shown}`),
  });
});

test.each([
  { revocation_endpoint: 'http://as.internal/revoke' },
  { introspection_endpoint: 'http://as.internal/introspect' },
  { mtls_endpoint_aliases: { revocation_endpoint: 'http://as.internal/revoke' } },
])('DI-08: an endpoint that no token is asked for at stops none: %j', (member) => {
  expect(read(member).tokenEndpoint).toBe('https://login.as.example/token');
});

test.each([undefined, null, 1, ['https://as.example/token']])(
  'DI-05: without a token_endpoint (%j) there is nothing to ask at',
  (value) => {
    expect(thrown(() => read({ token_endpoint: value }))).toMatchObject({
      code: 'invalid_response',
      message: 'The metadata has no token_endpoint (RFC 8414 §2); configure one',
    });
  },
);

test.each(['https://as.example/tenant/', 'https://AS.example/tenant', 'https://as.example/tenan%74', 'https://evil.example', undefined, 1])(
  'DI-03, JA-07: nothing in a document of %s is used, however near the name',
  (name) => {
    expect(thrown(() => read({ issuer: name, token_endpoint: 'http://evil.example' }))).toMatchObject({
      code: 'issuer_mismatch',
      transient: false,
      message: `The metadata names the issuer ${typeof name === 'string' ? `"${name}"` : name}, and "${issuer}" is configured; configure the name the server uses, to the letter`,
    });
  },
);

test.each([
  ['http://as.example', undefined],
  ['https://as.example?x', undefined],
  ['http://127.0.0.1:1', undefined],
  ['http://as.example', true],
])('DI-01: what was asked for as %s is checked before the answer is looked at', (name, allowHttpLoopback) => {
  const response = answer({ ...document, issuer: name });
  expect(thrown(() => readMetadata(response, { issuer: name, allowHttpLoopback }))).toMatchObject({ code: 'invalid_url' });
});

test('DI-01, DI-08: on this machine http will do where that is allowed, and the server says so', () => {
  const local = 'http://127.0.0.1:1';
  const response = answer({ issuer: local, token_endpoint: `${local}/token` });
  expect(readMetadata(response, { issuer: local, allowHttpLoopback: true })).toEqual({
    profile: 'rfc',
    issuer: local,
    tokenEndpoint: `${local}/token`,
    clientAuthenticationMethods: ['client_secret_basic'],
    allowHttpLoopback: true,
  });
});

test.each([
  [false, answer('<html>', { headers: { 'content-type': 'text/html' } })],
  [false, answer(document, { headers: {} })],
  [false, answer(document, { status: 404 })],
  [false, answer(document, { status: 400 })],
  // As some frameworks answer for a path that leads nowhere: the next place is still to be asked.
  [false, answer({ status: 404, error: 'Not Found', path: '/.well-known/openid-configuration' }, { status: 404 })],
  [false, answer({ error: 'unauthorized' }, { status: 401 })],
  [true, answer({ error: 'temporarily_unavailable' }, { status: 503 })],
  [true, answer(document, { status: 503 })],
  [false, answer('[1]')],
  [false, answer('{"issuer":')],
  [false, answer(`{"issuer":"https://evil.example","issuer":"${issuer}","token_endpoint":"https://as.example/t"}`)],
  [false, answer(`{"issuer":"${issuer}","token_endpoint":"https://as.example/t","token_endpoint":"https://evil.example"}`)],
  [false, answer(twice('revocation_endpoint'))],
  [false, answer(twice('introspection_endpoint'))],
  [false, answer(twice('mtls_endpoint_aliases'))],
])('DI-05, CC-24: no document, transient %s: %j', (transient, response) => {
  expect(thrown(() => readMetadata(response, { issuer }))).toMatchObject({
    name: 'TokenResponseError',
    code: 'invalid_response',
    transient,
    status: response.status,
    message: `The answer of the issuer "${issuer}" (HTTP ${response.status}) is no metadata document (RFC 8414 §3.2), or one that names an endpoint twice`,
  });
});

test('DI-05: a redirect in place of the document is told as one', () => {
  const response = answer('', { status: 302, headers: { location: 'https://evil.example' } });
  expect(thrown(() => readMetadata(response, { issuer }))).toMatchObject({
    code: 'invalid_response',
    message: `The answer of the issuer "${issuer}" (HTTP 302) is a redirect, which is never followed; configure the final URL`,
  });
});

test('DI-05, ENT-34: a refusal in place of the document is told in its words', () => {
  const body = { error: 'invalid_tenant', error_description: "AADSTS90002: Tenant 'x' not found.", error_codes: [90002] };
  expect(thrown(() => readMetadata(answer(body, { status: 400 }), { issuer }))).toMatchObject({
    code: 'oauth_error',
    error: 'invalid_tenant',
    explanation: { code: 'AADSTS90002' },
    message: `The issuer "${issuer}" refused the request: "invalid_tenant" (HTTP 400): AADSTS90002: Tenant 'x' not found.`,
  });
});

test('DI-05: an answer without a document keeps its ids, and its Retry-After by the clock that was given', () => {
  const headers = { 'content-type': 'text/html', 'retry-after': 'Tue, 01 Dec 2026 00:00:07 GMT', 'x-ms-request-id': 'r-1' };
  const response = answer('', { status: 429, headers });
  expect(thrown(() => readMetadata(response, { issuer, receivedAtMs: Date.UTC(2026, 11, 1) }))).toMatchObject({
    requestId: 'r-1',
    retryAfterMs: 7000,
    transient: true,
  });
  expect(thrown(() => readMetadata(response, { issuer }))).not.toHaveProperty('retryAfterMs');
});

test('DI-05: whatever the members hold, the document is read or refused by an error of ours', () => {
  const members = ['token_endpoint', 'token_endpoint_auth_methods_supported', 'dpop_signing_alg_values_supported', 'mtls_endpoint_aliases'];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...members), fc.jsonValue()), (more) => {
      try {
        expect(read(more)).toMatchObject({ profile: 'rfc', issuer });
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
  );
});
