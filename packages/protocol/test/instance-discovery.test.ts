import { expect, test } from 'vitest';
import { entraServer } from '../src/entra/authority.ts';
import { instanceDiscoveryUrl, readInstanceDiscovery } from '../src/entra/instance-discovery.ts';
import { answer, GUID } from './entra-answer.ts';
import { thrown } from './thrown.ts';

test.each([
  [undefined, 'login.microsoftonline.com', 'login.microsoftonline.com'],
  ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn', 'login.partner.microsoftonline.cn'],
  ['login.contoso.example:8443', 'login.microsoftonline.com', 'login.contoso.example%3A8443'],
])('ENT-41: whether the authority host %s is known is asked at %s', (authorityHost, asked, about) => {
  expect(instanceDiscoveryUrl(entraServer({ tenant: 'contoso.com', authorityHost }))).toBe(
    `https://${asked}/common/discovery/instance?api-version=1.1&authorization_endpoint=https%3A%2F%2F${about}%2Fcontoso.com%2Foauth2%2Fv2.0%2Fauthorize`,
  );
});

test('ENT-41: there is nothing to ask about a server without a tenant', () => {
  const server = { profile: 'entra', issuer: 'https://a.example/t/v2.0', tokenEndpoint: 'https://a.example/t' } as const;
  expect(thrown(() => instanceDiscoveryUrl(server))).toMatchObject({ code: 'invalid_tenant' });
  expect(thrown(() => instanceDiscoveryUrl({ ...server, issuer: 'a.example', tenant: GUID }))).toMatchObject({ code: 'invalid_url' });
});

/** As recorded by the Azure SDK for JavaScript in 2021, shortened. */
const INSTANCES = {
  tenant_discovery_endpoint: `https://login.microsoftonline.com/${GUID}/v2.0/.well-known/openid-configuration`,
  'api-version': '1.1',
  metadata: [
    {
      preferred_network: 'login.microsoftonline.com',
      preferred_cache: 'login.windows.net',
      aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
    },
    {
      preferred_network: 'login.partner.microsoftonline.cn',
      preferred_cache: 'login.partner.microsoftonline.cn',
      aliases: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
    },
  ],
};

test('ENT-41: a host is known by every name of its service', () => {
  expect(readInstanceDiscovery(answer(INSTANCES), { host: 'login.chinacloudapi.cn' })).toEqual({
    preferredHost: 'login.partner.microsoftonline.cn',
    aliases: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
  });
  expect(readInstanceDiscovery(answer(INSTANCES), { host: 'sts.windows.net' }).preferredHost).toBe('login.microsoftonline.com');
});

test.each([
  undefined,
  'login.contoso.example',
  [null, 1, 'x', [], {}],
  [{ preferred_network: 'evil.example/', aliases: ['login.contoso.example'] }],
  [{ preferred_network: 'evil.example', aliases: 'login.contoso.example' }],
  [{ preferred_network: 'evil.example' }],
  [{ preferred_network: '', aliases: ['login.contoso.example'] }],
  [{ aliases: ['login.contoso.example'] }],
  INSTANCES.metadata,
])('ENT-41: a host that is known, and of which nothing more is said, has its own name: %j', (metadata) => {
  expect(readInstanceDiscovery(answer({ ...INSTANCES, metadata }), { host: 'login.contoso.example' })).toEqual({
    preferredHost: 'login.contoso.example',
    aliases: ['login.contoso.example'],
  });
});

test('ENT-41: an alias that is no name of a host is passed over', () => {
  const metadata = [{ preferred_network: 'a.example', aliases: ['b.example', 'evil.example/x', 'EVIL.example', 'x@y', 1, 'a.example'] }];
  expect(readInstanceDiscovery(answer({ ...INSTANCES, metadata }), { host: 'b.example' })).toEqual({
    preferredHost: 'a.example',
    aliases: ['b.example', 'a.example'],
  });
});

test('ENT-41: an unknown host is a refusal by name and number', () => {
  const body = {
    error: 'invalid_instance',
    error_description: 'AADSTS50049: Unknown or invalid instance. Trace ID: t-1',
    error_codes: [50049],
    trace_id: 't-1',
  };
  expect(thrown(() => readInstanceDiscovery(answer(body, { status: 400 }), { host: 'evil.example' }))).toMatchObject({
    code: 'oauth_error',
    error: 'invalid_instance',
    errorCodes: [50049],
    requestId: 't-1',
    transient: false,
    message:
      'The instance discovery of "evil.example" refused the request: "invalid_instance" (HTTP 400): AADSTS50049: Unknown or invalid instance. Trace ID: t-1',
  });
});

test.each([
  [false, answer({})],
  [false, answer({ ...INSTANCES, tenant_discovery_endpoint: 1 })],
  [false, answer('{"tenant_discovery_endpoint":"x","tenant_discovery_endpoint":"x"}')],
  [false, answer('{"tenant_discovery_endpoint":"x","metadata":[],"metadata":[]}')],
  [false, answer(INSTANCES, { headers: { 'content-type': 'text/html' } })],
  [true, answer(INSTANCES, { status: 503 })],
])('ENT-41: an answer that says neither yes nor no is an error, transient %s: %j', (transient, response) => {
  expect(thrown(() => readInstanceDiscovery(response, { host: 'login.contoso.example' }))).toMatchObject({
    code: 'invalid_response',
    transient,
    message: `The answer of the instance discovery of "login.contoso.example" (HTTP ${response.status}) does not say whether it is a login host`,
  });
});

test('ENT-41: a busy server says how long to wait, by the clock that was given', () => {
  const response = answer('', { status: 429, headers: { 'retry-after': 'Tue, 01 Dec 2026 00:00:07 GMT' } });
  const host = 'login.contoso.example';
  expect(thrown(() => readInstanceDiscovery(response, { host, receivedAtMs: Date.UTC(2026, 11, 1) }))).toHaveProperty('retryAfterMs', 7000);
  expect(thrown(() => readInstanceDiscovery(response, { host }))).not.toHaveProperty('retryAfterMs');
});
