/** A foreign authorization server, `oidc-provider`, publishes metadata, tells what a token is worth, and takes it back. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AuthorizationServer,
  buildIntrospectionRequest,
  buildRevocationRequest,
  buildTokenRequest,
  chooseAuthenticationMethod,
  clientSecretBasic,
  type HttpResponse,
  insertedOpenidConfigurationUrl,
  oauthMetadataUrl,
  openidConfigurationUrl,
  readIntrospectionResponse,
  readMetadata,
  readRevocationResponse,
  readTokenResponse,
  type TokenRequest,
} from '@client-credentials/protocol';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';

const client = { clientId: 'basic', authentication: clientSecretBasic({ secret: 'p@ss w+rd/=%:&~"x-_.*' }) };
let http: Server;
let issuer: string;
let server: AuthorizationServer;

beforeAll(async () => {
  http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: 'p@ss w+rd/=%:&~"x-_.*',
        token_endpoint_auth_method: 'client_secret_basic',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        scope: 'users:read',
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
    },
    scopes: ['users:read'],
    ttl: { ClientCredentials: 600 },
  });
  http.on('request', provider.callback());
  server = readMetadata(await get(openidConfigurationUrl(issuer)), { issuer, allowHttpLoopback: true });
});

afterAll(() => {
  http.closeAllConnections();
  http.close();
});

test('DI-04, DI-05, DI-06: its metadata name what a daemon needs', () => {
  expect(server).toMatchObject({
    profile: 'rfc',
    issuer,
    tokenEndpoint: `${issuer}/token`,
    introspectionEndpoint: `${issuer}/token/introspection`,
    revocationEndpoint: `${issuer}/token/revocation`,
    allowHttpLoopback: true,
  });
  expect(server.clientAuthenticationMethods).toEqual(expect.arrayContaining(['client_secret_basic', 'private_key_jwt']));
  expect(server.clientAssertionAlgorithms).toEqual(expect.arrayContaining(['PS256', 'ES256']));
  expect(server.dpopAlgorithms).toEqual(expect.arrayContaining(['ES256']));
  expect(chooseAuthenticationMethod({ server, usable: ['client_secret_post', 'client_secret_basic'] })).toBe('client_secret_post');
});

test('DI-02, DI-04: the same metadata stand in each place, which for an issuer without a path are two', async () => {
  expect(insertedOpenidConfigurationUrl(issuer)).toBe(openidConfigurationUrl(issuer));
  expect(readMetadata(await get(oauthMetadataUrl(issuer)), { issuer, allowHttpLoopback: true })).toEqual(server);
});

test('EX-03, EX-04: a token is active until it is taken back, and taking it back twice is no error', async () => {
  const token = await newToken();
  expect(await introspect(token)).toMatchObject({
    active: true,
    claims: { client_id: client.clientId, scope: 'users:read', token_type: 'Bearer', iss: issuer },
  });
  await revoke(token);
  expect(await introspect(token)).toEqual({ active: false, claims: {} });
  await revoke(token);
  await revoke('never issued');
});

test('EX-03, EX-04: both want to know who asks', async () => {
  const options = { ...client, authentication: clientSecretBasic({ secret: 'wrong' }), server, nowMs: Date.now(), token: 'any' };
  const refused = { code: 'oauth_error', error: 'invalid_client', status: 401 };
  const revocation = await buildRevocationRequest(options);
  const answer = await send(revocation);
  expect(() => readRevocationResponse(answer, { receivedAtMs: Date.now(), request: revocation })).toThrowError(
    expect.objectContaining(refused),
  );
  const introspection = await buildIntrospectionRequest(options);
  const state = await send(introspection);
  expect(() => readIntrospectionResponse(state, { receivedAtMs: Date.now(), request: introspection })).toThrowError(
    expect.objectContaining(refused),
  );
});

async function newToken(): Promise<string> {
  const nowMs = Date.now();
  const request = await buildTokenRequest({ ...client, server, scope: 'users:read', nowMs });
  return readTokenResponse(await send(request), { server, scope: 'users:read', requestedAtMs: nowMs, request }).value;
}

async function introspect(token: string) {
  const request = await buildIntrospectionRequest({ ...client, server, nowMs: Date.now(), token, tokenTypeHint: 'access_token' });
  return readIntrospectionResponse(await send(request), { receivedAtMs: Date.now(), request });
}

async function revoke(token: string): Promise<void> {
  const request = await buildRevocationRequest({ ...client, server, nowMs: Date.now(), token });
  readRevocationResponse(await send(request), { receivedAtMs: Date.now(), request });
}

async function get(url: string): Promise<HttpResponse> {
  return answerOf(await fetch(url, { redirect: 'manual' }));
}

async function send({ url, ...init }: TokenRequest): Promise<HttpResponse> {
  return answerOf(await fetch(url, { ...init, redirect: 'manual' }));
}

async function answerOf(response: Response): Promise<HttpResponse> {
  const { status, headers } = response;
  return { status, headers, body: await response.text() };
}
