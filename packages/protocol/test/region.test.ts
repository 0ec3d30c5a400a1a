import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterEach, expect, test, vi } from 'vitest';
import { buildClientAssertion } from '../src/assertion/client-assertion.ts';
import { type EntraServerOptions, entraServer } from '../src/entra/authority.ts';
import { mtlsHost, tokenHost } from '../src/entra/request-host.ts';
import { createSigner } from '../src/jws/signer.ts';

const tenant = 'contoso.com';
const hostOf = (url: string): string => new URL(url).host;

afterEach(() => vi.unstubAllEnvs());

test('ENT-44: without the option there is no region, whatever the environment says', () => {
  vi.stubEnv('REGION_NAME', 'westeurope');
  vi.stubEnv('MSAL_FORCE_REGION', 'westeurope');
  expect(hostOf(entraServer({ tenant }).tokenEndpoint)).toBe('login.microsoftonline.com');
});

test('ENT-23, ENT-42: requests and the audience of the assertion name the regional host, the issuer does not', async () => {
  const server = entraServer({ tenant, region: 'westeurope' });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const assertion = await buildClientAssertion({
    server,
    clientId: 'me',
    signer: createSigner(privateKey),
    keyId: 'k',
    thumbprint: 'none',
    nowMs: 0,
  });
  expect(decodeJwt(assertion).aud).toBe('https://westeurope.login.microsoft.com/contoso.com/oauth2/v2.0/token');
  expect(server.issuer).toBe('https://login.microsoftonline.com/contoso.com/v2.0');
});

test.each([
  ['eastus.evil.com/'],
  ['eastus.evil.com'],
  ['eastus/'],
  ['eastus\n'],
  ['east us'],
  ['east-us'],
  ['é'],
  [''],
  ['x'],
  ['x'.repeat(33)],
  [null],
  [7],
  [['eastus']],
])('ENT-42: %j is no region, neither in the configuration nor where a host is built', (value) => {
  const region = value as string;
  const refused = expect.objectContaining({ code: 'invalid_parameter', message: expect.stringContaining('The region is') });
  expect(() => tokenHost('login.microsoftonline.us', region)).toThrowError(refused);
  expect(() => mtlsHost('login.microsoftonline.us', region)).toThrowError(refused);
  expect(() => entraServer({ tenant, region })).toThrowError(refused);
});

test.each(['uk', 'x'.repeat(32), 'EastUS2'])('ENT-42: %j is a region, in small letters', (region) => {
  expect(hostOf(entraServer({ tenant, cloud: 'usgov', region }).tokenEndpoint)).toBe(`${region.toLowerCase()}.login.microsoftonline.us`);
});

test.each(['login.example.com', 'https://127.0.0.1:8443', 'login.microsoftonline.de'])(
  'ENT-42: %s has no regions, and asking for one there is an error',
  (authorityHost) => {
    expect(() => entraServer({ tenant, authorityHost, region: 'eastus' })).toThrowError(
      expect.objectContaining({
        code: 'invalid_parameter',
        message: expect.stringContaining(new URL(entraServer({ tenant, authorityHost }).issuer).host),
      }),
    );
  },
);

test('ENT-42: a sovereign cloud has regions below its own host', () => {
  const { issuer, tokenEndpoint } = entraServer({ tenant, authorityHost: 'login.sovcloud-identity.de', region: 'north' });
  expect([hostOf(issuer), hostOf(tokenEndpoint)]).toEqual(['login.sovcloud-identity.de', 'north.login.sovcloud-identity.de']);
});

test.each<[EntraServerOptions, string | undefined]>([
  [{ tenant }, 'mtlsauth.microsoft.com'],
  [{ tenant, authorityHost: 'login.microsoft.com' }, 'mtlsauth.microsoft.com'],
  [{ tenant, authorityHost: 'login.windows.net' }, 'mtlsauth.microsoft.com'],
  [{ tenant, authorityHost: 'sts.windows.net' }, 'mtlsauth.microsoft.com'],
  [{ tenant, region: 'eastus' }, 'eastus.mtlsauth.microsoft.com'],
  [{ tenant, cloud: 'usgov' }, 'mtlsauth.microsoftonline.us'],
  [{ tenant, cloud: 'usgov', region: 'usgovvirginia' }, 'usgovvirginia.mtlsauth.microsoftonline.us'],
  [{ tenant, cloud: 'china' }, 'mtlsauth.partner.microsoftonline.cn'],
  [{ tenant, authorityHost: 'login.sovcloud-identity.sg' }, 'mtlsauth.sovcloud-identity.sg'],
  [{ tenant, authorityHost: 'login.usgovcloudapi.net' }, undefined],
  [{ tenant, authorityHost: 'login.chinacloudapi.cn' }, undefined],
  [{ tenant, authorityHost: 'login.microsoftonline.de' }, undefined],
  [{ tenant, authorityHost: 'login-us.microsoftonline.com' }, undefined],
  [{ tenant, authorityHost: 'login.example.com' }, undefined],
  [{ tenant, authorityHost: 'sts.example.com' }, undefined],
  [{ tenant, authorityHost: 'https://127.0.0.1:8443' }, undefined],
])('ENT-45: %j takes client certificates at %s', (options, host) => {
  const { mtlsTokenEndpoint } = entraServer(options);
  expect(mtlsTokenEndpoint).toBe(host === undefined ? undefined : `https://${host}/contoso.com/oauth2/v2.0/token`);
});

test('ENT-45: with client certificates too, a tenant of many is none', () => {
  expect(() => entraServer({ tenant: 'organizations', region: 'eastus' })).toThrowError(
    expect.objectContaining({ code: 'invalid_tenant' }),
  );
});
