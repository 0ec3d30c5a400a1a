import { expect, test } from 'vitest';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { entraServer } from '../src/entra/authority.ts';
import { readEntraMetadata } from '../src/entra/metadata.ts';
import { answer, GUID, json } from './entra-answer.ts';
import { thrown } from './thrown.ts';

const read = (issuer: unknown, server: AuthorizationServer) => readEntraMetadata(answer({ issuer }), { server });
const mismatch = (issuer: string, server: AuthorizationServer) => thrown(() => read(issuer, server));

test('DI-10, DI-11: all but the issuer and the tenant stays as it was, whatever the document says', () => {
  const server = entraServer({ tenant: 'contoso.com', region: 'westeurope' });
  const document = {
    issuer: `https://login.microsoftonline.com/${GUID}/v2.0`,
    token_endpoint: 'https://evil.example/token',
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256'],
    revocation_endpoint: 'https://evil.example/revoke',
    introspection_endpoint: 'https://evil.example/introspect',
    mtls_endpoint_aliases: { token_endpoint: 'https://evil.example/token' },
  };
  expect(readEntraMetadata(answer(document), { server })).toEqual({ ...server, issuer: document.issuer, tenant: GUID });
});

test('DI-10: a GUID in capitals is the same tenant', () => {
  const issuer = `https://login.microsoftonline.com/${GUID.toUpperCase()}/v2.0`;
  expect(read(issuer, entraServer({ tenant: GUID }))).toMatchObject({ issuer, tenant: GUID });
});

test.each([
  ['login.microsoftonline.com', 'sts.windows.net'],
  ['login.microsoftonline.com', 'westus2.login.microsoft.com'],
  ['login.usgovcloudapi.net', 'login.microsoftonline.us'],
  ['login.microsoftonline.us', 'usgovvirginia.login.microsoftonline.us'],
  ['login.chinacloudapi.cn', 'chinaeast2.login.partner.microsoftonline.cn'],
  ['login.sovcloud-identity.fr', 'login.sovcloud-identity.fr'],
])('DI-10: for the authority host %s the issuer host %s is its own', (authorityHost, host) => {
  expect(read(`https://${host}/${GUID}/v2.0`, entraServer({ tenant: 'contoso.com', authorityHost })).tenant).toBe(GUID);
});

test.each([
  ['login.microsoftonline.com', 'https://login.partner.microsoftonline.cn'],
  ['login.microsoftonline.us', 'https://eastus.login.microsoft.com'],
  ['login.microsoftonline.com', 'https://evil.example'],
  ['login.microsoftonline.com', 'https://login.microsoftonline.com.evil.example'],
  ['login.microsoftonline.com', 'https://a.b.login.microsoft.com'],
  ['login.microsoftonline.com', 'https://evil.example?x.login.microsoft.com'],
  ['login.microsoftonline.com', 'https://evil-login.microsoft.com'],
  ['login.microsoftonline.com', 'https://LOGIN.microsoftonline.com'],
  ['login.microsoftonline.com', 'https://login.microsoftonline.com:443'],
  ['login.microsoftonline.com', 'http://login.microsoftonline.com'],
  ['login.microsoftonline.com', 'http://login.windows.net'],
  ['login.contoso.example', 'https://login.microsoftonline.com'],
  ['login.sovcloud-identity.fr', 'https://login.sovcloud-identity.de'],
])('DI-10: for the authority host %s the issuer %s is foreign', (authorityHost, origin) => {
  const error = mismatch(`${origin}/${GUID}/v2.0`, entraServer({ tenant: GUID, authorityHost }));
  expect(error).toMatchObject({ code: 'issuer_mismatch', transient: false, message: expect.stringContaining('it is on another host') });
});

test.each([
  `https://login.microsoftonline.com/${GUID}/v2.0/`,
  `https://login.microsoftonline.com/${GUID}/V2.0`,
  `https://login.microsoftonline.com/${GUID}/v2x0`,
  `https://login.microsoftonline.com/${GUID}`,
  `https://login.microsoftonline.com/x/${GUID}/v2.0`,
  `https://login.microsoftonline.com/${GUID}0/v2.0`,
  `x https://login.microsoftonline.com/${GUID}/v2.0`,
  `https://login.microsoftonline.com/${GUID}/v2.0\n`,
  'https://login.microsoftonline.com/contoso.com/v2.0',
  'https://login.microsoftonline.com/common/v2.0',
  'https://login.microsoftonline.com/{TENANTID}/v2.0',
  'https://login.microsoftonline.com//v2.0',
  `ftp://login.microsoftonline.com/${GUID}/v2.0`,
  '',
])('DI-10: %j is no issuer of a tenant', (issuer) => {
  expect(mismatch(issuer, entraServer({ tenant: 'contoso.com' }))).toMatchObject({
    code: 'issuer_mismatch',
    message: expect.stringContaining('it has not the form "https://{host}/{GUID}/v2.0"'),
  });
});

test('DI-10: an issuer without end is refused in few words', () => {
  const error = mismatch(`https://login.${'microsoftonline.com/'.repeat(50_000)}v2.0`, entraServer({ tenant: GUID })) as Error;
  expect(error).toMatchObject({ code: 'issuer_mismatch' });
  expect(error.message.length).toBeLessThan(500);
});

test('DI-10: the refusal says what is wrong with the tenant', () => {
  expect(mismatch('https://login.microsoftonline.com/{tenantid}/v2.0', entraServer({ tenant: 'contoso.com' }))).toMatchObject({
    code: 'issuer_mismatch',
    message:
      'The metadata of the tenant "contoso.com" names the issuer "https://login.microsoftonline.com/{tenantid}/v2.0": it leaves the tenant open; configure the tenant\'s GUID',
  });
  const other = GUID.replace('a', 'b');
  expect(mismatch(`https://login.microsoftonline.com/${other}/v2.0`, entraServer({ tenant: GUID }))).toMatchObject({
    code: 'issuer_mismatch',
    message: expect.stringMatching(/: it is another tenant$/),
  });
});

test.each([`${GUID}.example`, `x.${GUID}`])('DI-10: the domain name %s holds a GUID and is none', (tenant) => {
  const server = entraServer({ tenant });
  expect(mismatch('https://login.microsoftonline.com/{tenantid}/v2.0', server)).toMatchObject({ code: 'issuer_mismatch' });
  expect(read(`https://login.microsoftonline.com/${GUID}/v2.0`, server).tenant).toBe(GUID);
});

test('DI-10: a domain whose tenant is that of personal accounts is none of a daemon', () => {
  const issuer = 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0';
  expect(mismatch(issuer, entraServer({ tenant: 'outlook.com' }))).toMatchObject({ code: 'invalid_tenant' });
});

test('DI-10: a server on this machine vouches for itself over http where that is allowed', () => {
  const server = entraServer({ tenant: 'contoso.com', authorityHost: 'http://127.0.0.1:8080', allowHttpLoopback: true });
  expect(read(`http://127.0.0.1:8080/${GUID}/v2.0`, server).tenant).toBe(GUID);
  expect(mismatch(`https://127.0.0.1:8080/${GUID}/v2.0`, server)).toMatchObject({ code: 'issuer_mismatch' });
});

test('DI-10: a server without a tenant, or without an issuer, is none to read for', () => {
  const server = { profile: 'entra', issuer: 'x', tokenEndpoint: 'https://a.example' } as const;
  expect(mismatch(`https://a.example/${GUID}/v2.0`, server)).toMatchObject({ code: 'invalid_tenant' });
  expect(mismatch(`https://a.example/${GUID}/v2.0`, { ...server, tenant: GUID })).toMatchObject({ code: 'invalid_url' });
});

test.each([
  answer('<html>', { headers: { 'content-type': 'text/html' } }),
  answer({ issuer: `https://login.microsoftonline.com/${GUID}/v2.0` }, { status: 201 }),
  answer({ issuer: `https://login.microsoftonline.com/${GUID}/v2.0` }, { headers: {} }),
  answer({ token_endpoint: 'https://login.microsoftonline.com/x' }),
  answer({ issuer: 1 }),
  answer(`{"issuer":"https://evil.example","issuer":"https://login.microsoftonline.com/${GUID}/v2.0"}`),
])('DI-05, DI-11, CC-24: %j is no metadata document', (response) => {
  expect(thrown(() => readEntraMetadata(response, { server: entraServer({ tenant: 'contoso.com' }) }))).toMatchObject({
    code: 'invalid_response',
    message: `The answer of the tenant "contoso.com" (HTTP ${response.status}) is no metadata document with one issuer`,
  });
});

test('DI-10: a tenant that Entra does not know is its refusal, with what helps to mend it', () => {
  const body = { error: 'invalid_tenant', error_description: "AADSTS90002: Tenant 'x.example' not found.", error_codes: [90002] };
  const headers = { ...json, 'retry-after': 'Tue, 01 Dec 2026 00:00:07 GMT' };
  const response = answer(body, { status: 400, headers });
  const server = entraServer({ tenant: 'x.example' });
  expect(thrown(() => readEntraMetadata(response, { server, receivedAtMs: Date.UTC(2026, 11, 1) }))).toMatchObject({
    code: 'oauth_error',
    error: 'invalid_tenant',
    errorCodes: [90002],
    retryAfterMs: 7000,
    message: expect.stringMatching(/^The tenant "x.example" refused the request: "invalid_tenant"/),
  });
  expect(thrown(() => readEntraMetadata(response, { server }))).not.toHaveProperty('retryAfterMs');
});
