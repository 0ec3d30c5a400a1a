/** What `protocol` builds, before a strict RFC server that judges with another library: discovery, every authentication, bound tokens, revocation. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import {
  type AuthorizationServer,
  buildDpopProof,
  buildIntrospectionRequest,
  buildRevocationRequest,
  buildTokenRequest,
  type ClientAuthentication,
  clientSecretBasic,
  clientSecretJwt,
  clientSecretPost,
  createDpopBinding,
  createSigner,
  createTlsBinding,
  type HttpResponse,
  insertedOpenidConfigurationUrl,
  oauthMetadataUrl,
  openidConfigurationUrl,
  privateKeyJwt,
  readCertificate,
  readDpopNonce,
  readIntrospectionResponse,
  readMetadata,
  readRevocationResponse,
  readTokenResponse,
  selfSignedTlsClientAuth,
  type TokenRequest,
  tlsClientAuth,
} from '@client-credentials/protocol';
import { Agent, type Dispatcher, request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';

const mock = await startMockTokenEndpoint({ dpopNonce: true, seed: 'rfc face', now: Date.now });
const pem = readFileSync(mock.certificateFile, 'utf8') + readFileSync(mock.privateKeyFile, 'utf8');
const certificate = readCertificate({ pem, nowMs: Date.now() });
const plain = new Agent({ connect: { ca: mock.ca } });
const { tls } = createTlsBinding(certificate);
const withCertificate = new Agent({ connect: { ca: mock.ca, cert: tls.cert, key: tls.key } });
const clientId = mock.clientId;
const resource = 'api://mock-graph';
let server: AuthorizationServer;

beforeAll(async () => {
  server = await discover(oauthMetadataUrl(mock.issuer));
});
afterAll(() => Promise.all([plain.close(), withCertificate.close(), mock.close()]));

test('DI-02, DI-03: metadata is found in the form RFC 8414 inserts and in the one OpenID appends, and says the same', async () => {
  expect(server).toMatchObject({ issuer: mock.issuer, tokenEndpoint: `${mock.issuer}/token` });
  expect(await discover(openidConfigurationUrl(mock.issuer))).toEqual(server);
  expect(insertedOpenidConfigurationUrl(mock.issuer)).toMatch(/openid-configuration\/rfc$/);
});

const METHODS: readonly [string, ClientAuthentication, Dispatcher][] = [
  ['client_secret_basic', clientSecretBasic({ secret: mock.clientSecret }), plain],
  ['client_secret_post', clientSecretPost({ secret: mock.clientSecret }), plain],
  ['client_secret_jwt', clientSecretJwt({ secret: mock.clientSecret }), plain],
  ['private_key_jwt', privateKeyJwt({ certificate }), plain],
  ['tls_client_auth', tlsClientAuth(), withCertificate],
  ['self_signed_tls_client_auth', selfSignedTlsClientAuth(), withCertificate],
];

test.each(METHODS)('a client that uses %s gets a token that the API takes', async (_, authentication, dispatcher) => {
  const token = await getToken({ authentication, dispatcher });
  expect(token.tokenType).toBe('Bearer');
  // A token bound to a certificate is good on a connection with that certificate alone.
  const origin = dispatcher === withCertificate ? new URL(mtlsTokenEndpoint()).origin : new URL(mock.apiBaseUrl).origin;
  const url = `${origin}${new URL(mock.apiBaseUrl).pathname}users?$top=1`;
  const answer = await request(url, { dispatcher, headers: { authorization: `Bearer ${token.value}` } });
  expect({ status: answer.statusCode, body: await answer.body.json() }).toMatchObject({ status: 200, body: { value: [{}] } });
});

test('DP-07, DP-08: a DPoP-bound token is had with a nonce and spent with one, each demanded once', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let value = '';
  const key = keyOf(privateKey, publicKey);
  const binding = createDpopBinding({ ...key, accessToken: () => value, now: Date.now });
  const proof = (nonce?: string) => buildDpopProof({ ...key, method: 'POST', url: server.tokenEndpoint, nonce, nowMs: Date.now() });
  const authentication = privateKeyJwt({ certificate });
  const first = await ask({ authentication, tokenType: 'dpop', dpopProof: await proof() });
  expect(first.status).toBe(400);
  const nonce = readDpopNonce(first.headers) ?? '';
  const second = await ask({ authentication, tokenType: 'dpop', dpopProof: await proof(nonce) });
  const token = readTokenResponse(second, { server, resource, tokenType: 'dpop', requestedAtMs: Date.now() });
  expect(token.tokenType).toBe('DPoP');
  value = token.value;
  const url = `${mock.apiBaseUrl}users?$top=1`;
  const call = async (used: string) => {
    const dpop = (await binding.proof?.({ method: 'GET', url, nonce: used })) ?? '';
    const answer = await request(url, { dispatcher: plain, headers: { authorization: `DPoP ${value}`, dpop } });
    await answer.body.dump();
    return answer.statusCode;
  };
  expect(await call(nonce)).toBe(200);
  expect(await call('made-up')).toBe(401);
});

test('a revoked token is no longer active', async () => {
  const client = { server, clientId, authentication: clientSecretBasic({ secret: mock.clientSecret }), nowMs: Date.now() };
  const token = (await getToken({ authentication: client.authentication, dispatcher: plain })).value;
  const context = { receivedAtMs: Date.now() };
  const introspect = async () => readIntrospectionResponse(await send(await buildIntrospectionRequest({ ...client, token })), context);
  expect(await introspect()).toMatchObject({ active: true });
  readRevocationResponse(await send(await buildRevocationRequest({ ...client, token })), context);
  expect(await introspect()).toMatchObject({ active: false });
});

function keyOf(privateKey: KeyObject, publicKey: KeyObject) {
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  return { signer: createSigner(privateKey), publicKey: { kty, crv, x, y } as Parameters<typeof createDpopBinding>[0]['publicKey'] };
}

function mtlsTokenEndpoint(): string {
  return server.mtlsTokenEndpoint ?? '';
}

async function getToken({ authentication, dispatcher }: { authentication: ClientAuthentication; dispatcher: Dispatcher }) {
  const answer = await ask({ authentication }, dispatcher);
  return readTokenResponse(answer, { server, resource, requestedAtMs: Date.now() });
}

async function ask(
  options: { authentication: ClientAuthentication; tokenType?: 'dpop'; dpopProof?: string },
  dispatcher: Dispatcher = plain,
) {
  return send(await buildTokenRequest({ server, clientId, resource, nowMs: Date.now(), ...options }), dispatcher);
}

async function discover(url: string): Promise<AuthorizationServer> {
  const answer = await request(url, { dispatcher: plain });
  const response = { status: answer.statusCode, headers: answer.headers as HttpResponse['headers'], body: await answer.body.text() };
  return readMetadata(response, { issuer: mock.issuer });
}

async function send({ url, ...init }: TokenRequest, dispatcher: Dispatcher = plain): Promise<HttpResponse> {
  const answer = await request(url, { dispatcher, ...init });
  return { status: answer.statusCode, headers: answer.headers as HttpResponse['headers'], body: await answer.body.text() };
}
