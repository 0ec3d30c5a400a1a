/** What the RFC face says of itself, and where. RFC 8414 §3, OpenID Connect Discovery §4, RFC 8705 §5. */
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RfcHarness, startRfcHarness } from './rfc-harness.ts';

let harness: RfcHarness;
beforeAll(async () => {
  harness = await startRfcHarness();
});
afterAll(() => harness.close());

const METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
];
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

test('DI-02: the metadata is where RFC 8414 inserts its well-known path, and says all a client needs', async () => {
  const { mock, mtlsOrigin } = harness;
  const reply = await harness.send(`${mock.authorityHost}/.well-known/oauth-authorization-server/rfc`);
  const endpoints = (base: string) => ({
    token_endpoint: `${base}/token`,
    revocation_endpoint: `${base}/revoke`,
    introspection_endpoint: `${base}/introspect`,
  });
  expect([reply.status, reply.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
  expect(reply.json).toEqual({
    issuer: mock.issuer,
    ...endpoints(mock.issuer),
    jwks_uri: `${mock.issuer}/jwks`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    scopes_supported: ['User.Read.All', 'api://mock-graph/.default'],
    token_endpoint_auth_methods_supported: METHODS,
    token_endpoint_auth_signing_alg_values_supported: [...ALGORITHMS, 'HS256'],
    revocation_endpoint_auth_methods_supported: METHODS,
    revocation_endpoint_auth_signing_alg_values_supported: [...ALGORITHMS, 'HS256'],
    introspection_endpoint_auth_methods_supported: METHODS,
    introspection_endpoint_auth_signing_alg_values_supported: [...ALGORITHMS, 'HS256'],
    dpop_signing_alg_values_supported: ALGORITHMS,
    tls_client_certificate_bound_access_tokens: true,
    mtls_endpoint_aliases: endpoints(`${mtlsOrigin}/rfc`),
  });
});

test('DI-04: the same document is where OpenID Connect Discovery appends its path', async () => {
  const inserted = await harness.send(`${harness.mock.authorityHost}/.well-known/oauth-authorization-server/rfc`);
  const appended = await harness.send(`${harness.mock.issuer}/.well-known/openid-configuration`);
  expect(appended.text).toBe(inserted.text);
});

test('DI-03: the issuer is the same one for a client that asks under another name of this host, or at the mTLS listener', async () => {
  const { port } = new URL(harness.mock.issuer);
  for (const origin of [`https://localhost:${port}`, harness.mtlsOrigin]) {
    const { json } = await harness.send(`${origin}/.well-known/oauth-authorization-server/rfc`);
    expect(json.issuer).toBe(harness.mock.issuer);
  }
});

test('the keys at jwks_uri verify the tokens', async () => {
  const { json: keys } = await harness.send(`${harness.mock.issuer}/jwks`);
  const { json } = await harness.ask(harness.secretFields());
  const { protectedHeader } = await jwtVerify(json.access_token, createLocalJWKSet(keys), { currentDate: new Date(0), typ: 'at+jwt' });
  expect(protectedHeader).toEqual({ typ: 'at+jwt', alg: 'RS256', kid: keys.keys[0].kid });
});

test('documents are only read', async () => {
  const reply = await harness.send(`${harness.mock.issuer}/jwks`, { method: 'POST' });
  expect([reply.status, reply.headers['allow']]).toEqual([405, 'GET, HEAD']);
});

test.each(['/rfc/authorize', '/rfc/token/', '/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])(
  'there is nothing at %s',
  async (path) => {
    expect((await harness.send(`${harness.mock.authorityHost}${path}`)).status).toBe(404);
  },
);
