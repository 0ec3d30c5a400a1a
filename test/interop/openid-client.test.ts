/** `openid-client` as it is against the RFC face: every way to authenticate, sender-constrained tokens, and the API called with them. */
import { createHash, X509Certificate } from 'node:crypto';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type KeyedCertificate, ownCertificate } from './assertion.ts';
import { type Acquired, runClient } from './client.ts';
import { onlyTokenRequest, verifiedClaims } from './verify.ts';

interface Called extends Acquired {
  readonly type: string;
  /** What the API answered. */
  readonly apiStatus: number;
  readonly activeBefore?: boolean;
  readonly activeAfter?: boolean;
}

let mock: MockTokenEndpoint;
beforeAll(async () => {
  mock = await startMockTokenEndpoint();
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

describe('openid-client gets a token and calls the API with it', () => {
  test.each(['client_secret_basic', 'client_secret_post', 'client_secret_jwt'])('authenticated by %s', async (method) => {
    const called = await call({ authentication: { method, secret: mock.clientSecret } });
    expect(called).toMatchObject({ type: 'bearer', apiStatus: 200 });
    expect(await claimsOf(called)).toMatchObject({ client_id: mock.clientId, sub: mock.clientId });
  });

  test('authenticated by private_key_jwt, with neither a type nor a key id in the header', async () => {
    const { privateKey } = ownCertificate(mock);
    const called = await call({ authentication: { method: 'private_key_jwt', privateKey } });
    expect(called).toMatchObject({ type: 'bearer', apiStatus: 200 });
    expect(await claimsOf(called)).toMatchObject({ client_id: mock.clientId });
    expect(onlyTokenRequest(mock).assertion).toMatchObject({ header: { alg: 'PS256' }, claims: { aud: mock.issuer } });
  });

  test('authenticated by tls_client_auth, with a token bound to the certificate', async () => {
    await expectBound(ownCertificate(mock));
  });

  test('authenticated by self_signed_tls_client_auth, with a token bound to the certificate', async () => {
    await expectBound(await mock.issueCertificate({ selfSigned: true }));
  });

  test('bound to a key by DPoP', async () => {
    const called = await call({ dpop: true, authentication: basic(mock) });
    expect(called).toMatchObject({ type: 'dpop', apiStatus: 200 });
    expect(await claimsOf(called)).toHaveProperty('cnf.jkt', expect.any(String));
  });

  test('bound to a key by DPoP with the nonce that the server demands', async () => {
    const strict = await startMockTokenEndpoint({ dpopNonce: true });
    onTestFinished(() => strict.close());
    const called = await call({ dpop: true, authentication: basic(strict) }, strict);
    expect(called).toMatchObject({ type: 'dpop', apiStatus: 200 });
    // RFC 9449 §8: refused without a nonce, then granted; the API takes the nonce that came with the token.
    const requests = strict.journal.filter(({ path }) => !path.startsWith('/.well-known/'));
    expect(requests.map(({ status, error }) => [status, error])).toEqual([
      [400, 'use_dpop_nonce'],
      [200, undefined],
      [200, undefined],
    ]);
  });

  test('after it found the server by the document of OpenID Connect Discovery', async () => {
    const called = await call({ algorithm: 'oidc', authentication: basic(mock) });
    expect(called).toMatchObject({ type: 'bearer', apiStatus: 200 });
    expect(mock.journal[0]).toMatchObject({ path: '/rfc/.well-known/openid-configuration', status: 200 });
  });
});

test('openid-client introspects a token, revokes it, and finds it revoked', async () => {
  const called = await call({ authentication: basic(mock), revoke: true });
  expect(called).toMatchObject({ activeBefore: true, activeAfter: false });
});

describe('openid-client shows the refusal', () => {
  // A 401 has a challenge, RFC 9110 §15.5.2, and this client shows that before the `error` in the body.
  test('of a wrong secret', async () => {
    const { error } = await call({ authentication: { method: 'client_secret_post', secret: 'wrong' } });
    expect(error).toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' });
    expect(onlyTokenRequest(mock)).toMatchObject({ status: 401, error: 'invalid_client' });
  });

  test('of a key that is registered nowhere', async () => {
    const { privateKey } = await mock.issueCertificate({ registered: false });
    const { error } = await call({ authentication: { method: 'private_key_jwt', privateKey } });
    expect(error).toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' });
    expect(onlyTokenRequest(mock)).toMatchObject({ status: 401, error: 'invalid_client' });
  });

  test('of a scope there is none of', async () => {
    const { error } = await call({ authentication: basic(mock), parameters: { scope: 'Everything.Write' } });
    expect(error).toMatchObject({ code: 'invalid_scope' });
  });
});

async function call(task: object, server: MockTokenEndpoint = mock): Promise<Called> {
  const { issuer, clientId, apiBaseUrl, caFile } = server;
  const whole = { issuer, clientId, apiUrl: `${apiBaseUrl}users`, parameters: { scope: server.scope }, ...task };
  const [called] = await runClient<readonly [Called]>('openid-client', whole, { caFile });
  return called;
}

function basic({ clientSecret: secret }: MockTokenEndpoint): object {
  return { method: 'client_secret_basic', secret };
}

/** A token that only connections with this certificate can use. RFC 8705 §3.1. */
async function expectBound({ certificate, privateKey }: KeyedCertificate): Promise<void> {
  const called = await call({ authentication: { method: 'tls' }, tls: { ca: mock.ca, cert: certificate, key: privateKey } });
  expect(called).toMatchObject({ type: 'bearer', apiStatus: 200 });
  const thumbprint = createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');
  expect(await claimsOf(called)).toMatchObject({ client_id: mock.clientId, cnf: { 'x5t#S256': thumbprint } });
  expect(onlyTokenRequest(mock).listener).toBe('mtls');
}

function claimsOf(called: Called): Promise<object> {
  return verifiedClaims(called, { mock, keys: `${mock.issuer}/jwks`, issuer: mock.issuer });
}
