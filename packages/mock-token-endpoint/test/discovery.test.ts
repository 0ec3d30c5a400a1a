/** The documents that clients read before their first token request. */
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GUID, type Harness, NOW_MS, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());
const get = (path: string) => harness.send(`${harness.mock.authorityHost}${path}`);

test('the OpenID configuration leads to the token endpoint and to the keys', async () => {
  const { authorityHost, tenantId, tokenEndpoint } = harness.mock;
  const reply = await get(`/${tenantId}/v2.0/.well-known/openid-configuration`);
  expect(reply.status).toBe(200);
  expect(reply.json).toEqual({
    issuer: `${authorityHost}/${tenantId}/v2.0`,
    authorization_endpoint: `${authorityHost}/${tenantId}/oauth2/v2.0/authorize`,
    token_endpoint: tokenEndpoint,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${authorityHost}/${tenantId}/discovery/v2.0/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    cloud_instance_name: new URL(authorityHost).host,
    tenant_region_scope: 'WW',
  });
});

test('a domain name is answered with the issuer of its GUID', async () => {
  const { json } = await get('/contoso.example/v2.0/.well-known/openid-configuration');
  expect(json.token_endpoint).toBe(`${harness.mock.authorityHost}/contoso.example/oauth2/v2.0/token`);
  expect(json.issuer.split('/')[3]).toMatch(GUID);
});

test('a name that is neither GUID nor domain has no configuration', async () => {
  const reply = await get('/nowhere/v2.0/.well-known/openid-configuration');
  expect([reply.status, reply.json.error_codes]).toEqual([400, [900023]]);
});

test('access tokens verify with the published keys, which hold nothing private', async () => {
  const { json: keys } = await get(`/${harness.mock.tenantId}/discovery/v2.0/keys`);
  expect(Object.keys(keys.keys[0]).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  await jwtVerify(await harness.accessToken(), createLocalJWKSet(keys), {
    algorithms: ['RS256'],
    issuer: `${harness.mock.authorityHost}/${harness.mock.tenantId}/v2.0`,
    audience: 'api://mock-graph',
    currentDate: new Date(NOW_MS),
  });
});

test('instance discovery knows this host and no other', async () => {
  const { authorityHost } = harness.mock;
  const { host } = new URL(authorityHost);
  const discover = (endpoint: string) =>
    get(`/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(endpoint)}`);
  expect((await discover(`${authorityHost}/contoso.example/oauth2/v2.0/authorize`)).json).toEqual({
    'api-version': '1.1',
    tenant_discovery_endpoint: `${authorityHost}/contoso.example/v2.0/.well-known/openid-configuration`,
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  });
  for (const foreign of ['https://login.example/contoso.example/oauth2/v2.0/authorize', 'no URL', '']) {
    const reply = await discover(foreign);
    expect([reply.status, reply.json.error, reply.json.error_codes]).toEqual([400, 'invalid_instance', [50049]]);
  }
});

test('a document is only for reading, and an unknown path is 404', async () => {
  const url = `${harness.mock.authorityHost}/${harness.mock.tenantId}/discovery/v2.0/keys`;
  const posted = await harness.send(url, { method: 'POST' });
  expect([posted.status, posted.headers['allow']]).toEqual([405, 'GET']);
  expect((await get('/')).status).toBe(404);
  expect((await get('/graph/beta/users')).status).toBe(404);
});
