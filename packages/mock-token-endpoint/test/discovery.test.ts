/** The documents that clients read before their first token request. */
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GUID, type Harness, NOW_MS, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'discovery' });
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
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic', 'self_signed_tls_client_auth'],
    jwks_uri: `${authorityHost}/${tenantId}/discovery/v2.0/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    tls_client_certificate_bound_access_tokens: true,
    mtls_endpoint_aliases: { token_endpoint: expect.stringMatching(`^https://127.0.0.1:[0-9]+/${tenantId}/oauth2/v2.0/token$`) },
    cloud_instance_name: new URL(authorityHost).host,
    tenant_region_scope: 'WW',
  });
});

test('the configuration without a version leads to the older endpoint, its issuer and its keys', async () => {
  const { authorityHost, tenantId } = harness.mock;
  const { json } = await get(`/${tenantId}/.well-known/openid-configuration`);
  expect(json).toMatchObject({
    issuer: `${authorityHost}/${tenantId}/`,
    authorization_endpoint: `${authorityHost}/${tenantId}/oauth2/authorize`,
    token_endpoint: `${authorityHost}/${tenantId}/oauth2/token`,
    jwks_uri: `${authorityHost}/${tenantId}/discovery/keys`,
  });
  expect((await harness.send(json.jwks_uri)).json).toEqual((await get(`/${tenantId}/discovery/v2.0/keys`)).json);
});

test('a domain name is answered with the issuer and the endpoints of its GUID', async () => {
  const { json } = await get('/contoso.example/v2.0/.well-known/openid-configuration');
  const id = json.issuer.split('/')[3];
  expect(id).toMatch(GUID);
  expect(json.token_endpoint).toBe(`${harness.mock.authorityHost}/${id}/oauth2/v2.0/token`);
});

test('a name that is neither GUID nor domain has no configuration', async () => {
  const reply = await get('/nowhere/v2.0/.well-known/openid-configuration');
  expect([reply.status, reply.json.error_codes]).toEqual([400, [900023]]);
});

test.each(['common', 'organizations', 'consumers'])(
  'DI-10: %s, which stands for many tenants, has a template for an issuer',
  async (name) => {
    const { json } = await get(`/${name}/v2.0/.well-known/openid-configuration`);
    expect(json.issuer).toBe(`${harness.mock.authorityHost}/{tenantid}/v2.0`);
    expect(json.token_endpoint).toBe(`${harness.mock.authorityHost}/${name}/oauth2/v2.0/token`);
  },
);

test('HEAD is answered like GET, without the body', async () => {
  const url = `${harness.mock.authorityHost}/${harness.mock.tenantId}/v2.0/.well-known/openid-configuration`;
  const reply = await harness.send(url, { method: 'HEAD' });
  expect([reply.status, reply.text, Number(reply.headers['content-length']) > 100]).toEqual([200, '', true]);
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

describe('instance discovery', () => {
  const discover = (endpoint: string) =>
    get(`/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(endpoint)}`);

  test('ENT-41: it knows this host by every name it has', async () => {
    const { authorityHost } = harness.mock;
    const { port } = new URL(authorityHost);
    const names = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
    for (const name of names) {
      expect((await discover(`https://${name}/contoso.example/oauth2/v2.0/authorize`)).json).toEqual({
        'api-version': '1.1',
        tenant_discovery_endpoint: `${authorityHost}/contoso.example/v2.0/.well-known/openid-configuration`,
        metadata: [{ preferred_network: names[0], preferred_cache: names[0], aliases: names }],
      });
    }
  });

  test.each(['https://login.example/contoso.example/oauth2/v2.0/authorize', 'no URL', ''])(
    'ENT-41: "%s" is of no instance it knows',
    async (foreign) => {
      const reply = await discover(foreign);
      expect([reply.status, reply.json.error, reply.json.error_codes]).toEqual([400, 'invalid_instance', [50049]]);
    },
  );
});

test('a document is only for reading, and an unknown path is 404', async () => {
  const url = `${harness.mock.authorityHost}/${harness.mock.tenantId}/discovery/v2.0/keys`;
  const posted = await harness.send(url, { method: 'POST' });
  expect([posted.status, posted.headers['allow']]).toEqual([405, 'GET, HEAD']);
  expect((await get('/')).status).toBe(404);
  expect((await get('/graph/beta/users')).status).toBe(404);
});
