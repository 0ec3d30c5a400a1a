import { expect, test } from 'vitest';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { type AuthenticatedEndpoint, endpointFor } from '../src/client-authentication/endpoint.ts';
import { hasForeignTokenEndpoint } from '../src/discovery/foreign-endpoint.ts';
import { insertedOpenidConfigurationUrl, oauthMetadataUrl, openidConfigurationUrl, parseIssuer } from '../src/discovery/well-known.ts';
import { entraServer } from '../src/entra/authority.ts';
import { thrown } from './thrown.ts';

const server: AuthorizationServer = {
  profile: 'rfc',
  issuer: 'https://as.example',
  tokenEndpoint: 'https://as.example/token',
  mtlsTokenEndpoint: 'https://mtls.as.example/token',
  revocationEndpoint: 'https://as.example/revoke',
  mtlsRevocationEndpoint: 'https://mtls.as.example/revoke',
  introspectionEndpoint: 'https://as.example/introspect',
};

test('DI-01: an issuer over http is let through for a loopback host alone, and only when that is allowed', () => {
  expect(parseIssuer('http://127.0.0.1:8080/a', { allowHttpLoopback: true }).pathname).toBe('/a');
  expect(thrown(() => parseIssuer('http://127.0.0.1:8080/a'))).toMatchObject({ code: 'invalid_url' });
  expect(thrown(() => parseIssuer('http://as.example', { allowHttpLoopback: true }))).toMatchObject({ code: 'invalid_url' });
});

test('DI-01, SEC-08: the refusal of a query names the rule, and shows the issuer without it', () => {
  expect(thrown(() => parseIssuer('https://as.example/a?key=marker'))).toMatchObject({
    code: 'invalid_url',
    message: 'The issuer is "https://as.example/a": it has a query, which RFC 8414 §2 forbids',
  });
});

const PLACES = [openidConfigurationUrl, oauthMetadataUrl, insertedOpenidConfigurationUrl];

test.each(['javascript:alert(1)', 'as.example', '', 'http://as.example', 'https://u:marker@as.example', 'https://as.example?key=marker'])(
  'DI-01, DI-02, DI-04, SEC-08: what is no issuer, as %j, publishes nothing anywhere, and is shown without its secrets',
  (issuer) => {
    for (const place of PLACES) {
      const error = thrown(() => place(issuer)) as Error;
      expect(error).toMatchObject({ name: 'ProtocolError', code: 'invalid_url' });
      expect(error.message).not.toContain('marker');
    }
  },
);

test('DI-02, DI-04: an issuer on this machine publishes over http', () => {
  expect(PLACES.map((place) => place('http://127.0.0.1:8080/a/'))).toEqual([
    'http://127.0.0.1:8080/a/.well-known/openid-configuration',
    'http://127.0.0.1:8080/.well-known/oauth-authorization-server/a',
    'http://127.0.0.1:8080/.well-known/openid-configuration/a',
  ]);
});

test.each<readonly [AuthenticatedEndpoint, boolean | undefined, string]>([
  ['token', undefined, 'https://as.example/token'],
  ['token', false, 'https://as.example/token'],
  ['token', true, 'https://mtls.as.example/token'],
  ['revocation', undefined, 'https://as.example/revoke'],
  ['revocation', true, 'https://mtls.as.example/revoke'],
  ['introspection', undefined, 'https://as.example/introspect'],
  ['introspection', true, 'https://as.example/introspect'],
])('MT-03: each endpoint has its own alias or none: %s with mutual TLS %s is %s', (endpoint, mutualTls, url) => {
  const authentication = mutualTls === undefined ? {} : { mutualTls };
  expect(endpointFor(endpoint, { server, authentication })).toBe(url);
});

test('MT-03: an alias for introspection is used too', () => {
  const aliased = { ...server, mtlsIntrospectionEndpoint: 'https://mtls.as.example/introspect' };
  expect(endpointFor('introspection', { server: aliased, authentication: { mutualTls: true } })).toBe('https://mtls.as.example/introspect');
});

test('MT-03: an ordinary host of Entra is no place for a client certificate', () => {
  const entra: AuthorizationServer = { profile: 'entra', issuer: 'https://a.example/t/v2.0', tokenEndpoint: 'https://a.example/t' };
  const authentication = { mutualTls: true };
  expect(thrown(() => endpointFor('token', { server: entra, authentication }))).toMatchObject({
    code: 'invalid_url',
    message: 'No mtlsTokenEndpoint of "https://a.example/t/v2.0" is known; give the server one',
  });
  const known = { ...entra, mtlsTokenEndpoint: 'https://mtls.a.example/t' };
  expect(endpointFor('token', { server: known, authentication })).toBe('https://mtls.a.example/t');
  expect(endpointFor('token', { server: entra, authentication: {} })).toBe('https://a.example/t');
});

test.each<readonly [AuthorizationServer, AuthenticatedEndpoint, string]>([
  [entraServer({ tenant: 'contoso.com' }), 'revocation', 'Entra has no revocation endpoint'],
  [entraServer({ tenant: 'contoso.com' }), 'introspection', 'Entra has no introspection endpoint'],
  [{ profile: 'rfc', issuer: 'https://as.example', tokenEndpoint: 'https://as.example/t' }, 'revocation', 'give the server one'],
])('EX-03, EX-04: a server without the endpoint is no place to guess at: %j, %s', (without, endpoint, remedy) => {
  expect(thrown(() => endpointFor(endpoint, { server: without, authentication: {} }))).toMatchObject({
    code: 'invalid_url',
    message: `No ${endpoint}Endpoint of "${without.issuer}" is known; ${remedy}`,
  });
});

test.each([
  ['https://as.example/token', false],
  ['https://AS.example:443/token', false],
  ['https://login.as.example/token', true],
  ['https://as.example:8443/token', true],
])('DI-08, SEC-05: whether the token endpoint %s of https://as.example/a is foreign: %s', (tokenEndpoint, expected) => {
  expect(hasForeignTokenEndpoint({ profile: 'rfc', issuer: 'https://as.example/a', tokenEndpoint })).toBe(expected);
});

test('DI-08, SEC-05: what no credential may go to is neither foreign nor not', () => {
  const loopback = { profile: 'rfc', issuer: 'http://127.0.0.1:1', tokenEndpoint: 'http://127.0.0.1:2' } as const;
  expect(hasForeignTokenEndpoint({ ...loopback, allowHttpLoopback: true })).toBe(true);
  expect(thrown(() => hasForeignTokenEndpoint(loopback))).toMatchObject({
    code: 'invalid_url',
    message: expect.stringMatching(/^The token endpoint is /),
  });
  expect(thrown(() => hasForeignTokenEndpoint({ ...loopback, tokenEndpoint: 'https://as.example' }))).toMatchObject({
    code: 'invalid_url',
    message: expect.stringMatching(/^The issuer is /),
  });
});
