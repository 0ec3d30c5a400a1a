/** A token source and a foreign authorization server over TLS: every method of authentication, bound tokens, and resource indicators. */
import { createPublicKey, randomBytes, X509Certificate } from 'node:crypto';
import {
  certificate,
  createTokenSource,
  issuer,
  mutualTls,
  secret,
  type TokenSource,
  type TokenSourceOptions,
} from '@client-credentials/token-source';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import type { ClientMetadata } from 'oidc-provider';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { fixture, pair } from '../support/certificates.ts';
import { type FrontedProvider, MTLS, startFrontedProvider } from './tls-front.ts';

const SECRET = 'p@ss w+rd/=%:&~"x-_.*';
const SCOPE = 'users:read';
const API = 'https://api.example';

let provider: FrontedProvider;
let agent: Agent;

beforeAll(async () => {
  provider = await startFrontedProvider(() => ({
    clients: [
      clientOf('basic', { token_endpoint_auth_method: 'client_secret_basic', client_secret: SECRET }),
      clientOf('post', { token_endpoint_auth_method: 'client_secret_post', client_secret: SECRET }),
      clientOf('jwt', { token_endpoint_auth_method: 'client_secret_jwt', client_secret: SECRET.repeat(2) }),
      ...['rsa', 'p256', 'ed25519'].map((name) =>
        clientOf(name, { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [publicKey(name)] } }),
      ),
      clientOf('tls', {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: 'CN=leaf, O=Contoso',
        tls_client_certificate_bound_access_tokens: true,
      }),
      clientOf('self-signed', {
        token_endpoint_auth_method: 'self_signed_tls_client_auth',
        jwks: { keys: [{ ...publicKey('p256'), x5c: [new X509Certificate(fixture('p256.crt.pem')).raw.toString('base64')] }] },
        tls_client_certificate_bound_access_tokens: true,
      }),
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      mTLS: MTLS,
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: SCOPE, audience: API, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
      },
    },
    enabledJWA: { clientAuthSigningAlgValues: ['HS256', 'RS256', 'PS256', 'ES256', 'Ed25519'] },
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
    ],
    scopes: [SCOPE],
    ttl: { ClientCredentials: 600 },
  }));
  agent = new Agent({ connect: { ca: provider.ca } });
});
afterAll(async () => {
  await agent.destroy();
  provider.close();
});

function sourceOf(clientId: string, options: Pick<TokenSourceOptions, 'credential'> & Partial<TokenSourceOptions>): TokenSource {
  const source = createTokenSource({ authority: issuer(provider.issuer), clientId, ca: provider.ca, ...options });
  onTestFinished(() => source.close());
  return source;
}

/** What the server says of a token. */
async function introspect(token: string): Promise<Record<string, unknown>> {
  const answer = await request(`${provider.issuer}/token/introspection`, {
    dispatcher: agent,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token, client_id: 'post', client_secret: SECRET }).toString(),
  });
  return (await answer.body.json()) as Record<string, unknown>;
}

describe('it gives a token to a client of', () => {
  test.each<readonly [string, string, TokenSourceOptions['credential']]>([
    ['client_secret_basic', 'basic', secret(SECRET)],
    ['client_secret_post', 'post', secret(SECRET, { method: 'client_secret_post' })],
    ['client_secret_jwt', 'jwt', secret(SECRET.repeat(2), { method: 'client_secret_jwt' })],
    ['private_key_jwt with PS256', 'rsa', certificate({ pem: pair('rsa') })],
    ['private_key_jwt with RS256', 'rsa', certificate({ pem: pair('rsa') }, { algorithm: 'RS256' })],
    ['private_key_jwt with ES256', 'p256', certificate({ pem: pair('p256') })],
    ['private_key_jwt with Ed25519', 'ed25519', certificate({ pem: pair('ed25519') })],
  ])('%s, once for many calls, and it is active', async (_, clientId, credential) => {
    const source = sourceOf(clientId, { credential });
    const tokens = await Promise.all(Array.from({ length: 5 }, () => source.getToken(SCOPE)));
    expect(new Set(tokens.map(({ value }) => value)).size).toBe(1);
    expect(await introspect(tokens[0]?.value ?? '')).toMatchObject({
      active: true,
      client_id: clientId,
      scope: SCOPE,
      token_type: 'Bearer',
    });
  });
});

describe('MT-01, MT-02, MT-04, MT-06: over the client’s certificate it gives a token that is bound to it', () => {
  test.each([
    ['tls_client_auth', 'tls', 'leaf', mutualTls({ pem: pair('leaf') + fixture('intermediate.crt.pem') }, { boundTokens: true })],
    ['self_signed_tls_client_auth', 'self-signed', 'p256', mutualTls({ pem: pair('p256') }, { selfSigned: true, boundTokens: true })],
  ])('with %s', async (_, clientId, name, credential) => {
    const token = await sourceOf(clientId, { credential }).getToken(SCOPE);
    const thumbprint = Buffer.from(new X509Certificate(fixture(`${name}.crt.pem`)).fingerprint256.replaceAll(':', ''), 'hex').toString(
      'base64url',
    );
    expect(token.binding).toMatchObject({ thumbprint });
    expect(await introspect(token.value)).toMatchObject({ active: true, cnf: { 'x5t#S256': thumbprint } });
  });

  test('and none over that of somebody else', async () => {
    const source = sourceOf('self-signed', { credential: mutualTls({ pem: pair('rsa') }, { selfSigned: true, boundTokens: true }) });
    await expect(source.getToken(SCOPE)).rejects.toMatchObject({ code: 'oauth_error', error: 'invalid_client' });
  });
});

test('DP-07, DP-13: its demand for a nonce is met once, and the token is bound to the key of the proof', async () => {
  const source = sourceOf('p256', { credential: certificate({ pem: pair('p256') }), dpop: true });
  const token = await source.getToken(SCOPE);
  expect(token.tokenType).toBe('DPoP');
  expect(await introspect(token.value)).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: token.binding?.thumbprint } });
  expect((await source.getToken(SCOPE, { forceRefresh: true })).value).not.toBe(token.value);
});

test('EX-01: a token for the resource that is named has its audience, signed by the server', async () => {
  const source = sourceOf('basic', { credential: secret(SECRET), parameters: { resource: API } });
  const { value } = await source.getToken(SCOPE);
  const keys = (await (await request(`${provider.issuer}/jwks`, { dispatcher: agent })).body.json()) as JSONWebKeySet;
  const { payload } = await jwtVerify(value, createLocalJWKSet(keys), { issuer: provider.issuer, audience: API });
  expect(payload).toMatchObject({ client_id: 'basic', scope: SCOPE });
  expect(decodeJwt(value).aud).toBe(API);
});

test('without trust in its certificate nothing is sent', async () => {
  const source = sourceOf('basic', { credential: secret(SECRET), ca: fixture('root.crt.pem') });
  await expect(source.getToken(SCOPE)).rejects.toMatchObject({ code: 'network' });
});

function clientOf(client_id: string, metadata: Partial<ClientMetadata>): ClientMetadata {
  return { client_id, grant_types: ['client_credentials'], redirect_uris: [], response_types: [], scope: SCOPE, ...metadata };
}

function publicKey(name: string) {
  return { ...createPublicKey(fixture(`${name}.crt.pem`)).export({ format: 'jwk' }), kid: name } as const;
}
