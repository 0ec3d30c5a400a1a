import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { clientSecretPost } from '../src/client-authentication/client-secret-post.ts';
import { buildRevocationRequest, readRevocationResponse } from '../src/extension/revocation.ts';
import { thrown } from './thrown.ts';

const server: AuthorizationServer = {
  profile: 'rfc',
  issuer: 'https://as.example',
  tokenEndpoint: 'https://as.example/token',
  revocationEndpoint: 'https://as.example/revoke',
  mtlsRevocationEndpoint: 'https://mtls.as.example/revoke',
};
const client = { server, clientId: 'me', authentication: clientSecretPost({ secret: 'marker-secret' }), nowMs: 0 };
const receivedAtMs = Date.UTC(2026, 11, 1);

test('EX-03: the credential goes before the token', async () => {
  await expect(buildRevocationRequest({ ...client, token: 'a b' })).resolves.toEqual({
    url: 'https://as.example/revoke',
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'client_id=me&client_secret=marker-secret&token=a+b',
  });
});

test('EX-03, MT-03: a client with a certificate on its connection goes to the alias of this endpoint', async () => {
  const authentication = { method: 'tls_client_auth', mutualTls: true, apply: async () => ({ fields: { client_id: 'me' } }) };
  await expect(buildRevocationRequest({ ...client, authentication, token: 't' })).resolves.toMatchObject({
    url: 'https://mtls.as.example/revoke',
    body: 'client_id=me&token=t',
  });
});

test.each([
  [{ token: '' }, 'invalid_parameter', 'The token is empty or no text; give its value'],
  [{ token: ['marker-token'] }, 'invalid_parameter', 'The token is empty or no text; give its value'],
  [{ token: 't', tokenTypeHint: '' }, 'invalid_parameter', 'The tokenTypeHint is ""; give a type such as "access_token", or none'],
  [{ token: 't', tokenTypeHint: 1 }, 'invalid_parameter', 'The tokenTypeHint is 1; give'],
  [{ token: 't', authentication: undefined }, 'invalid_credential', 'There is no client authentication'],
  [{ token: 't', clientId: '' }, 'invalid_parameter', 'The client id is ""'],
  [
    { token: 't', server: { ...server, revocationEndpoint: 'https://as.example/r#x' } },
    'invalid_url',
    'The revocation endpoint is "https://as.',
  ],
])('EX-03, CC-01: %j cannot be asked for', async (options, code, words) => {
  const error = await buildRevocationRequest({ ...client, ...(options as { token: string }) }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
  expect(inspect(error)).not.toContain('marker');
});

test('EX-03: a busy server may be asked again after the time it names; until then the token lives on', () => {
  const response = { status: 503, headers: { 'retry-after': 'Tue, 01 Dec 2026 00:02:00 GMT' }, body: '' };
  expect(thrown(() => readRevocationResponse(response, { receivedAtMs, attempts: 2 }))).toMatchObject({
    name: 'TokenResponseError',
    code: 'invalid_response',
    status: 503,
    transient: true,
    retryAfterMs: 120_000,
    message:
      'The answer of the revocation endpoint (HTTP 503, after 2 attempts) is no success and has no readable "error"; the token may still be valid',
  });
});

test('EX-03: a type that is not revoked here is final, and names no token', async () => {
  const request = await buildRevocationRequest({ ...client, token: 'marker-token' });
  const body = JSON.stringify({ error: 'unsupported_token_type', error_description: 'not marker-token by marker-secret' });
  const error = thrown(() => readRevocationResponse({ status: 400, headers: {}, body }, { receivedAtMs, request }));
  expect(error).toMatchObject({
    code: 'oauth_error',
    error: 'unsupported_token_type',
    status: 400,
    transient: false,
    message: 'The revocation endpoint refused the request: "unsupported_token_type" (HTTP 400): not [redacted] by [redacted]',
  });
  expect(inspect(error) + JSON.stringify(error)).not.toContain('marker');
});

test.each([300, 302, 307, 399])('EX-03: a redirect (%d) is never followed, whatever its body', (status) => {
  const response = { status, headers: { location: 'https://evil.example' }, body: '{"error":"invalid_request"}' };
  expect(thrown(() => readRevocationResponse(response, { receivedAtMs }))).toMatchObject({
    code: 'invalid_response',
    message: `The answer of the revocation endpoint (HTTP ${status}) is a redirect, which is never followed; configure the final URL`,
  });
});

test.each([
  [299, '{"error":"x"}', 'oauth_error'],
  [400, '{"error":"x"}', 'oauth_error'],
  [400, '{"error":""}', 'invalid_response'],
  [400, '{"error":["x"]}', 'invalid_response'],
  [400, '{}', 'invalid_response'],
  [400, '', 'invalid_response'],
  [204, '', 'invalid_response'],
])('EX-03: HTTP %d with %j is no success: %s', (status, body, code) => {
  expect(thrown(() => readRevocationResponse({ status, headers: {}, body }, { receivedAtMs }))).toMatchObject({ code, status });
});
