import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { adminConsentLink, buildAdminConsentUrl, readAdminConsentAnswer } from '../src/entra/admin-consent.ts';
import { entraServer } from '../src/entra/authority.ts';
import type { ConsentError } from '../src/entra/consent-error.ts';
import { ProtocolError } from '../src/errors.ts';
import { thrown } from './thrown.ts';

const server = entraServer({ tenant: 'contoso.com' });
const request = {
  server,
  clientId: '00001111-aaaa-2222-bbbb-3333cccc4444',
  scope: 'https://graph.microsoft.com/.default',
  redirectUri: 'https://app.example/consented?from=entra',
  state: 'né w&x=y',
};

test('ENT-55: the page of the tenant, with each parameter once', () => {
  const url = new URL(buildAdminConsentUrl(request));
  expect(url.origin + url.pathname).toBe('https://login.microsoftonline.com/contoso.com/v2.0/adminconsent');
  expect([...url.searchParams]).toEqual([
    ['client_id', request.clientId],
    ['scope', request.scope],
    ['redirect_uri', request.redirectUri],
    ['state', request.state],
  ]);
});

test('ENT-55: a login host on this machine has a page too', () => {
  const local = entraServer({ tenant: 'contoso.com', authorityHost: 'http://127.0.0.1:8080', allowHttpLoopback: true });
  expect(new URL(buildAdminConsentUrl({ ...request, server: local })).host).toBe('127.0.0.1:8080');
});

test('ENT-55: the link of the older form names tenant and client alone', () => {
  const link = adminConsentLink({ server, clientId: 'a b' });
  expect(link).toBe('https://login.microsoftonline.com/contoso.com/adminconsent?client_id=a+b');
});

test('ENT-55: there is no such link without a tenant or a client', () => {
  const { tenant: _, ...nowhere } = server;
  expect(thrown(() => adminConsentLink({ server: nowhere, clientId: 'me' }))).toMatchObject({ code: 'invalid_tenant' });
  expect(thrown(() => adminConsentLink({ server, clientId: '' }))).toBeInstanceOf(ProtocolError);
});

test("ENT-55: the page stands at the cloud's own host, whatever the region", () => {
  const regional = entraServer({ tenant: 'contoso.com', cloud: 'usgov', region: 'usgovvirginia' });
  expect(new URL(buildAdminConsentUrl({ ...request, server: regional })).host).toBe('login.microsoftonline.us');
});

test.each([
  ['organizations', '/organizations/v2.0/adminconsent'],
  ['Fabrikam.com', '/fabrikam.com/v2.0/adminconsent'],
  [undefined, '/contoso.com/v2.0/adminconsent'],
])('ENT-55: asked for the tenant %s, the page is %s', (tenant, path) => {
  expect(new URL(buildAdminConsentUrl({ ...request, tenant })).pathname).toBe(path);
});

test.each([
  [{ tenant: 'common' }, 'invalid_tenant'],
  [{ tenant: 'consumers' }, 'invalid_tenant'],
  [{ tenant: 'a/b' }, 'invalid_tenant'],
  [{ server: { issuer: server.issuer } }, 'invalid_tenant'],
  [{ server: { ...server, issuer: 'javascript:alert(1)' } }, 'invalid_url'],
  [{ server: { ...server, issuer: 'login.microsoftonline.com' } }, 'invalid_url'],
  [{ server: { ...server, issuer: 'http://login.microsoftonline.com/contoso.com/v2.0' } }, 'invalid_url'],
  [{ clientId: '' }, 'invalid_parameter'],
  [{ scope: 'https://graph.microsoft.com/Mail.Send' }, 'invalid_scope'],
  [{ scope: '' }, 'invalid_scope'],
  [{ redirectUri: 'http://app.example/' }, 'invalid_url'],
  [{ redirectUri: 'https://app.example/#x' }, 'invalid_url'],
  [{ redirectUri: '' }, 'invalid_url'],
  [{ state: '' }, 'invalid_parameter'],
  [{ state: undefined as unknown as string }, 'invalid_parameter'],
])('ENT-55: a request with %j is refused', (change, code) => {
  expect(() => buildAdminConsentUrl({ ...request, ...change })).toThrowError(expect.objectContaining({ code }));
});

const tenant = 'aaaabbbb-0000-cccc-1111-dddd2222eeee';
const granted = `admin_consent=True&tenant=${tenant}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&state=12345`;

test.each([
  `https://app.example/consented?${granted}`,
  `/consented?${granted}`,
  `?${granted}`,
  granted,
  `https://app.example/consented?${granted}#_=_`,
  `${granted}#?state=6`,
])('ENT-55: consent is read from %s', (answer) => {
  expect(readAdminConsentAnswer(answer, { state: '12345' })).toEqual({
    unverifiedTenant: tenant,
    scopes: ['https://graph.microsoft.com/.default'],
  });
});

test('ENT-55: the tenant is written in small letters, and spaces between scopes mean nothing', () => {
  const answer = `admin_consent=True&tenant=${tenant.toUpperCase()}&scope=+a++b+&state=12345`;
  expect(readAdminConsentAnswer(answer, { state: '12345' })).toEqual({ unverifiedTenant: tenant, scopes: ['a', 'b'] });
});

test('ENT-55: a state of any characters comes back as it went', () => {
  const answer = `admin_consent=True&tenant=${tenant}&${new URLSearchParams({ state: request.state })}`;
  expect(readAdminConsentAnswer(answer, request)).toEqual({ unverifiedTenant: tenant, scopes: [] });
});

test('ENT-55: a refusal is told on one line, with what the server said', () => {
  const answer = 'admin_consent=True&error=consent_required&error_description=AADSTS65004%3a+No.%0d%0aTrace+ID%3a+1&state=12345';
  expect(thrown(() => readAdminConsentAnswer(answer, { state: '12345' }))).toMatchObject({
    name: 'ConsentError',
    code: 'oauth_error',
    transient: false,
    message: 'Consent was not given: "consent_required": "AADSTS65004: No. Trace ID: 1"',
    error: 'consent_required',
    description: 'AADSTS65004: No.\r\nTrace ID: 1',
    errorCodes: [65004],
  });
});

test('ENT-55, ENT-34: a refusal is explained by the first of its numbers that is known, or else by its name', () => {
  const refusal = (error: string, description: string) =>
    thrown(() => readAdminConsentAnswer(`${new URLSearchParams({ error, error_description: description, state: '1' })}`, { state: '1' }));
  expect(
    refusal('server_error', 'AADSTS99: no. AADSTS90002: Tenant not found. XAADSTS1: AADSTS01: AADSTS12345678901: AADSTS2'),
  ).toMatchObject({
    errorCodes: [99, 90002],
    explanation: { code: 'AADSTS90002' },
  });
  expect(refusal('server_error', '')).toMatchObject({ errorCodes: [], description: '', explanation: { code: 'server_error' } });
  expect(refusal('access_denied', 'no')).not.toHaveProperty('explanation');
});

test('ENT-55: a refusal in one word is told in one', () => {
  const error = thrown(() => readAdminConsentAnswer('error=access_denied&state=12345', { state: '12345' }));
  expect(error).toMatchObject({ message: 'Consent was not given: "access_denied"', error: 'access_denied', errorCodes: [] });
  expect(error).toBeInstanceOf(ProtocolError);
  expect(error).not.toHaveProperty('description');
  expect(error).not.toHaveProperty('explanation');
});

test('ENT-55: of a description without end a part is kept', () => {
  const answer = `error=access_denied&state=12345&error_description=${'AADSTS65004:+'.repeat(100_000)}`;
  const { description, errorCodes } = thrown(() => readAdminConsentAnswer(answer, { state: '12345' })) as ConsentError;
  expect(description).toHaveLength(8192);
  expect(errorCodes).toHaveLength(630);
});

test.each([
  [`error=access_denied&state=12345`, 'oauth_error'],
  [`${granted}&error=`, 'oauth_error'],
  [`error=access_denied&state=6`, 'invalid_response'],
  [granted.replace('12345', '123456'), 'invalid_response'],
  [granted.replace('12345', '1234'), 'invalid_response'],
  [granted.replace('&state=12345', ''), 'invalid_response'],
  [granted.replace('True', 'true'), 'invalid_response'],
  [granted.replace('admin_consent=True&', ''), 'invalid_response'],
  [granted.replace(`&tenant=${tenant}`, ''), 'invalid_response'],
  [granted.replace(tenant, 'common'), 'invalid_response'],
  [granted.replace(tenant, 'contoso.com'), 'invalid_response'],
  [granted.replace(tenant, `x${tenant}`), 'invalid_response'],
  [granted.replace(tenant, `${tenant}%0A`), 'invalid_response'],
  [`${granted}&state=12345`, 'invalid_response'],
  [`${granted}&tenant=${tenant}`, 'invalid_response'],
  [`${granted}&error=a&error=b`, 'invalid_response'],
  ['', 'invalid_response'],
  ['https://app.example/consented', 'invalid_response'],
  [7 as unknown as string, 'invalid_parameter'],
])('ENT-55: %s is no consent: %s', (answer, code) => {
  expect(() => readAdminConsentAnswer(answer, { state: '12345' })).toThrowError(expect.objectContaining({ code }));
});

test.each(['', undefined as unknown as string])('ENT-55: the state %j expects nothing, so every answer is refused', (state) => {
  expect(() => readAdminConsentAnswer(`admin_consent=True&tenant=${tenant}&state=`, { state })).toThrowError(
    expect.objectContaining({ code: 'invalid_parameter' }),
  );
});

test('ENT-55: an error repeats neither state', () => {
  const error = thrown(() => readAdminConsentAnswer(granted.replace('12345', 'marker-theirs'), { state: 'marker-ours' }));
  expect(inspect(error)).not.toContain('marker');
});

test('a hostile answer of a megabyte is read in no time', () => {
  for (const part of ['?', '#', '&', '%', 'state=1&', 'é']) {
    const error = thrown(() => readAdminConsentAnswer(part.repeat(1_000_000 / part.length), { state: '12345' }));
    expect(error).toMatchObject({ code: 'invalid_response' });
  }
});
