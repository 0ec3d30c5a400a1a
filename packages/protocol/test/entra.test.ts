import { expect, test } from 'vitest';
import { entraServer, parseTenant } from '../src/entra/authority.ts';
import type { Cloud } from '../src/entra/clouds.ts';
import { thrown } from './thrown.ts';

const GUID = '6731DE76-14a6-49ae-97bc-6eba6914391e';

test('ENT-01: a tenant by GUID and by domain, in lower case', () => {
  expect(entraServer({ tenant: GUID })).toEqual({
    profile: 'entra',
    issuer: `https://login.microsoftonline.com/${GUID.toLowerCase()}/v2.0`,
    tokenEndpoint: `https://login.microsoftonline.com/${GUID.toLowerCase()}/oauth2/v2.0/token`,
    mtlsTokenEndpoint: `https://mtlsauth.microsoft.com/${GUID.toLowerCase()}/oauth2/v2.0/token`,
    tenant: GUID.toLowerCase(),
  });
  expect(parseTenant('Contoso.onMicrosoft.com')).toBe('contoso.onmicrosoft.com');
});

test.each(['common', 'Organizations', 'consumers', '9188040D-6c67-4c5b-b112-36a304b66dad'])(
  'ENT-02: %s is no tenant of a daemon',
  (tenant) => {
    expect(() => entraServer({ tenant })).toThrowError(
      expect.objectContaining({ code: 'invalid_tenant', message: expect.stringContaining(tenant) }),
    );
  },
);

test.each(['', 'contoso', 'a/b', 'contoso.com/../x', '{tenantid}', 'contoso.com?x', 'contoso..com', '-a.com', 'a b.com', '6731de76'])(
  '%j is no tenant',
  (tenant) => {
    expect(() => entraServer({ tenant })).toThrowError(expect.objectContaining({ code: 'invalid_tenant' }));
  },
);

test.each([
  ['public', 'login.microsoftonline.com'],
  ['usgov', 'login.microsoftonline.us'],
  ['china', 'login.partner.microsoftonline.cn'],
] as const)('ENT-40: the cloud %s signs in at %s', (cloud, host) => {
  expect(new URL(entraServer({ tenant: 'contoso.com', cloud }).tokenEndpoint).host).toBe(host);
});

test.each([
  ['sts.windows.net', 'login.microsoftonline.com'],
  ['https://login.windows.net/', 'login.microsoftonline.com'],
  ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
  ['login.example.com', 'login.example.com'],
  ['https://127.0.0.1:8443', '127.0.0.1:8443'],
])('ENT-23: requests for the authority host %s go to %s', (authorityHost, host) => {
  expect(new URL(entraServer({ tenant: 'contoso.com', authorityHost }).tokenEndpoint).host).toBe(host);
});

test.each([
  ['https://login.microsoftonline.com/contoso.com', 'invalid_url'],
  ['http://login.microsoftonline.com', 'invalid_url'],
  ['https://login.microsoftonline.com?x', 'invalid_url'],
  ['https://a@login.microsoftonline.com', 'invalid_url'],
  ['login.microsoftonline.com/', undefined],
])('the authority host %j: %s', (authorityHost, code) => {
  const build = () => entraServer({ tenant: 'contoso.com', authorityHost });
  if (code === undefined) expect(build().issuer).toBe('https://login.microsoftonline.com/contoso.com/v2.0');
  else expect(build).toThrowError(expect.objectContaining({ code }));
});

test.each(['login.example.com/', 'https://login.example.com/'])(
  'SEC-08: the authority host %s is shown without its query',
  (authorityHost) => {
    expect(thrown(() => entraServer({ tenant: 'contoso.com', authorityHost: `${authorityHost}?key=marker` }))).toMatchObject({
      code: 'invalid_url',
      message: `The authority host is "${authorityHost}"; give the host alone, the tenant is an option of its own`,
    });
  },
);

test('ENT-40: a host of one cloud under the name of another is refused', () => {
  expect(() => entraServer({ tenant: 'contoso.com', cloud: 'china', authorityHost: 'login.microsoftonline.us' })).toThrowError(
    expect.objectContaining({ code: 'invalid_parameter' }),
  );
});

test('CC-07: http needs loopback and the switch, which the server then carries', () => {
  const options = { tenant: 'contoso.com', authorityHost: 'http://127.0.0.1:8080' };
  expect(() => entraServer(options)).toThrowError(expect.objectContaining({ code: 'invalid_url' }));
  expect(entraServer({ ...options, allowHttpLoopback: true })).toMatchObject({
    tokenEndpoint: 'http://127.0.0.1:8080/contoso.com/oauth2/v2.0/token',
    allowHttpLoopback: true,
  });
});

test.each([7, null, {}, ['login.microsoftonline.com']])('the authority host %j is no text', (authorityHost) => {
  expect(() => entraServer({ tenant: 'contoso.com', authorityHost: authorityHost as unknown as string })).toThrowError(
    expect.objectContaining({ code: 'invalid_url' }),
  );
});

test.each(['germany', 'toString', '', 7])('ENT-40: %j is no cloud', (cloud) => {
  expect(() => entraServer({ tenant: 'contoso.com', cloud: cloud as Cloud })).toThrowError(
    expect.objectContaining({ code: 'invalid_parameter', message: expect.stringContaining('The cloud is') }),
  );
});

test('a cloud and one of its own hosts go together', () => {
  const { issuer } = entraServer({ tenant: 'contoso.com', cloud: 'usgov', authorityHost: 'LOGIN.usgovcloudapi.net' });
  expect(issuer).toBe('https://login.microsoftonline.us/contoso.com/v2.0');
});

test('a host that is none of Microsoft goes with any cloud', () => {
  const { issuer } = entraServer({ tenant: 'contoso.com', cloud: 'usgov', authorityHost: 'login.example.com' });
  expect(issuer).toBe('https://login.example.com/contoso.com/v2.0');
});
