/** A foreign authorization server, `oidc-provider`, gives tokens to our clients by every method of this part. */
import { createPublicKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Credential, certificate, issuer, requestToken, secret } from '@client-credentials/token-source';
import Provider, { type ClientMetadata } from 'oidc-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixture, pair } from '../support/certificates.ts';

/** Every character that one encoding or another treats on its own. */
const SECRET = 'p@ss w+rd/=%:&~"x-_.*';
const SCOPE = 'users:read';

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, {
    clients: [
      clientOf('basic: id', { token_endpoint_auth_method: 'client_secret_basic', client_secret: SECRET }),
      clientOf('basic', { token_endpoint_auth_method: 'client_secret_basic', client_secret: SECRET }),
      clientOf('post', { token_endpoint_auth_method: 'client_secret_post', client_secret: SECRET }),
      ...['rsa', 'p256'].map((name) =>
        clientOf(name, { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [publicKey(name)] } }),
      ),
    ],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    scopes: [SCOPE],
    ttl: { ClientCredentials: 600 },
  });
  server.on('request', provider.callback());
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test.each<readonly [string, string, () => Credential]>([
  ['client_secret_basic, chosen from its metadata', 'basic: id', () => secret(SECRET)],
  ['client_secret_post', 'post', () => secret(SECRET, { method: 'client_secret_post' })],
  ['private_key_jwt with PS256', 'rsa', () => certificate({ pem: pair('rsa') })],
  ['private_key_jwt with RS256', 'rsa', () => certificate({ pem: pair('rsa') }, { algorithm: 'RS256' })],
  ['private_key_jwt with ES256', 'p256', () => certificate({ pem: pair('p256') })],
  ['private_key_jwt with a key id', 'p256', () => certificate({ pem: pair('p256') }, { keyId: 'p256' })],
])('it gives a token to a client of %s', async (_, clientId, credential) => {
  const token = await requestToken({
    authority: issuer(url, { allowHttpLoopback: true }),
    clientId,
    credential: credential(),
    scope: SCOPE,
  });
  expect(token).toMatchObject({ tokenType: 'Bearer', scopes: [SCOPE], narrowed: false });
  expect(token.value).toMatch(/^[\w-]{43}$/);
  expect(token.expiresAtMs - token.receivedAtMs).toBe(600_000);
});

test.each<readonly [string, string, Credential, string]>([
  ['a wrong secret', 'post', secret('wrong', { method: 'client_secret_post' }), 'invalid_client'],
  ['Basic sent raw, which it decodes', 'basic', secret(SECRET, { encoding: 'raw' }), 'invalid_request'],
  ["another client's key", 'rsa', certificate({ pem: pair('p256') }), 'invalid_client'],
  [
    'an audience that is neither issuer nor endpoint',
    'rsa',
    certificate({ pem: pair('rsa') }, { audience: 'https://other.example' }),
    'invalid_client',
  ],
])('it refuses %s', async (_, clientId, credential, expected) => {
  const request = requestToken({ authority: issuer(url, { allowHttpLoopback: true }), clientId, credential, scope: SCOPE });
  const error = await request.catch((reason: { error?: string; code: string }) => reason.error ?? reason.code);
  expect(error).toBe(expected);
});

test('CC-14: a scope it does not know is left out of the grant, and the token says so', async () => {
  const credential = secret(SECRET, { method: 'client_secret_post' });
  const token = await requestToken({
    authority: issuer(url, { allowHttpLoopback: true }),
    clientId: 'post',
    credential,
    scope: [SCOPE, 'unknown'],
  });
  expect(token).toMatchObject({ scopes: [SCOPE], narrowed: true });
});

function clientOf(client_id: string, metadata: Partial<ClientMetadata>): ClientMetadata {
  return { client_id, grant_types: ['client_credentials'], redirect_uris: [], response_types: [], scope: SCOPE, ...metadata };
}

function publicKey(name: string) {
  return { ...createPublicKey(fixture(`${name}.crt.pem`)).export({ format: 'jwk' }), kid: name } as const;
}
