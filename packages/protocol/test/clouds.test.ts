import { expect, test } from 'vitest';
import { entraServer } from '../src/entra/authority.ts';
import { type Cloud, cloudFacts, cloudOfHost, isKnownLoginHost } from '../src/entra/clouds.ts';

const CLOUDS: readonly Cloud[] = ['public', 'usgov', 'china'];

test('ENT-40: no two clouds share a host, an audience or a resource', () => {
  const values = CLOUDS.map(cloudFacts).flatMap(({ aliases, ...facts }) => [...aliases, ...Object.values(facts)]);
  expect(new Set(values).size).toBe(values.length);
  const servers = CLOUDS.map((cloud) => entraServer({ tenant: 'contoso.com', cloud }));
  expect(new Set(servers.map(({ issuer }) => issuer)).size).toBe(3);
  expect(new Set(servers.map(({ tokenEndpoint }) => tokenEndpoint)).size).toBe(3);
});

test.each([
  ['public', 'api://AzureADTokenExchange'],
  ['usgov', 'api://AzureADTokenExchangeUSGov'],
  ['china', 'api://AzureADTokenExchangeChina'],
] as const)('WIF-03: a federated assertion for the cloud %s carries the audience %s', (cloud, audience) => {
  expect(cloudFacts(cloud).federationAudience).toBe(audience);
});

test('GR-06: Microsoft Graph has a root in each cloud, and one more for the Department of Defense', () => {
  expect(CLOUDS.map((cloud) => cloudFacts(cloud).graph)).toEqual([
    'https://graph.microsoft.com',
    'https://graph.microsoft.us',
    'https://microsoftgraph.chinacloudapi.cn',
  ]);
  expect(CLOUDS.map((cloud) => cloudFacts(cloud).graphDod)).toEqual([undefined, 'https://dod-graph.microsoft.us', undefined]);
});

test('ENT-40: Key Vault and Resource Manager have a resource in each cloud', () => {
  expect(CLOUDS.map((cloud) => [cloudFacts(cloud).keyVault, cloudFacts(cloud).resourceManager])).toEqual([
    ['https://vault.azure.net', 'https://management.azure.com'],
    ['https://vault.usgovcloudapi.net', 'https://management.usgovcloudapi.net'],
    ['https://vault.azure.cn', 'https://management.chinacloudapi.cn'],
  ]);
});

test('the facts of a cloud are frozen', () => {
  for (const cloud of CLOUDS) expect(Object.isFrozen(cloudFacts(cloud)) && Object.isFrozen(cloudFacts(cloud).aliases)).toBe(true);
});

test.each(['germany', '', 'PUBLIC', '__proto__', 'toString', undefined])('%j is no cloud', (cloud) => {
  expect(() => cloudFacts(cloud as Cloud)).toThrowError(
    expect.objectContaining({ code: 'invalid_parameter', message: expect.stringContaining('"public", "usgov" or "china"') }),
  );
});

test.each([
  ['login.microsoftonline.com', 'public'],
  ['login.windows.net', 'public'],
  ['login.microsoft.com', 'public'],
  ['sts.windows.net', 'public'],
  ['login.microsoftonline.us', 'usgov'],
  ['login.usgovcloudapi.net', 'usgov'],
  ['login.partner.microsoftonline.cn', 'china'],
  ['login.chinacloudapi.cn', 'china'],
])('ENT-40: %s serves the cloud %s', (host, cloud) => {
  expect(cloudOfHost(host)).toBe(cloud);
  expect(isKnownLoginHost(host)).toBe(true);
});

test.each(['login.sovcloud-identity.fr', 'login.sovcloud-identity.de', 'login.sovcloud-identity.sg'])(
  'ENT-41: %s is known, though its cloud has no name here',
  (host) => {
    expect(cloudOfHost(host)).toBeUndefined();
    expect(isKnownLoginHost(host)).toBe(true);
  },
);

test.each([
  'login.microsoftonline.com.evil.example',
  'evil-login.microsoftonline.com',
  'login.microsoftonline.com:8443',
  'eastus.login.microsoft.com',
  'login.microsoftonline.de',
  'login-us.microsoftonline.com',
  'login.windows-ppe.net',
  'sts.windows-ppe.net',
  'login.microsoft-ppe.com',
  'LOGIN.MICROSOFTONLINE.COM',
  '',
])('ENT-41: %j is not known, and needs somebody to vouch for it', (host) => {
  expect(cloudOfHost(host)).toBeUndefined();
  expect(isKnownLoginHost(host)).toBe(false);
});
