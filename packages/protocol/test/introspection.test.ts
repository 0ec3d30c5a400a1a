import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { clientSecretPost } from '../src/client-authentication/client-secret-post.ts';
import { buildIntrospectionRequest, readIntrospectionResponse } from '../src/extension/introspection.ts';
import { thrown } from './thrown.ts';

const server: AuthorizationServer = {
  profile: 'rfc',
  issuer: 'https://as.example',
  tokenEndpoint: 'https://as.example/token',
  introspectionEndpoint: 'https://as.example/introspect',
};
const client = { server, clientId: 'api', authentication: clientSecretPost({ secret: 'marker-secret' }), nowMs: 0 };
const context = { receivedAtMs: Date.UTC(2026, 11, 1) };
const answer = (body: unknown, more = {}) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
});

test('EX-04: the answer is asked for as JSON, and the API that asks shows who it is', async () => {
  await expect(buildIntrospectionRequest({ ...client, token: 't', tokenTypeHint: 'access_token' })).resolves.toEqual({
    url: 'https://as.example/introspect',
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'client_id=api&client_secret=marker-secret&token=t&token_type_hint=access_token',
  });
});

test('EX-04: an endpoint that no credential may go to is refused by its name', async () => {
  const plain = { ...server, introspectionEndpoint: 'http://as.example/introspect' };
  await expect(buildIntrospectionRequest({ ...client, server: plain, token: 't' })).rejects.toMatchObject({
    code: 'invalid_url',
    message: expect.stringMatching(/^The introspection endpoint is "http:/),
  });
});

test('EX-04, CC-01: who asks without an authentication gets no request', async () => {
  const nobody = { ...client, authentication: undefined as unknown as typeof client.authentication };
  await expect(buildIntrospectionRequest({ ...nobody, token: 't' })).rejects.toMatchObject({ code: 'invalid_credential' });
});

test('EX-04, SEC-06: a subject that is a client comes with the client beside it', () => {
  const body = { active: true, sub: 'me', client_id: 'me', exp: 1419356238, cnf: { jkt: 'k' } };
  expect(readIntrospectionResponse(answer(body), context)).toEqual({
    active: true,
    claims: { sub: 'me', client_id: 'me', exp: 1419356238, cnf: { jkt: 'k' } },
  });
});

test('EX-04: a member that would change what every object inherits is a claim like any other', () => {
  const { claims } = readIntrospectionResponse(answer('{"active":true,"__proto__":{"scope":"all"}}'), context);
  expect(Object.keys(claims)).toEqual(['__proto__']);
  expect(claims['scope']).toBeUndefined();
});

test.each([undefined, null, 0, 1, 'true', 'false', []])('EX-04: active as %j is neither yes nor no', (active) => {
  expect(thrown(() => readIntrospectionResponse(answer({ active, scope: 'marker' }), context))).toMatchObject({
    code: 'invalid_response',
    transient: false,
    message: 'The answer of the introspection endpoint (HTTP 200) is no JSON object with one boolean "active" (RFC 7662 §2.2)',
  });
});

test.each([
  answer('[true]'),
  answer('{"active":tru'),
  answer('{"active":false,"active":true}'),
  answer('{"active":false,"scope":"a","\\u0061ctive":true}'),
  answer({ active: true }, { headers: {} }),
  answer({ active: true }, { status: 201 }),
  answer({ active: false }, { status: 403 }),
])('EX-04, CC-24: %j says nothing of the token', (response) => {
  expect(thrown(() => readIntrospectionResponse(response, context))).toMatchObject({ code: 'invalid_response', status: response.status });
});

test('EX-04: claims are what was sent, whatever that is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (sent) => {
      const { active: _, ...claims } = JSON.parse(JSON.stringify(sent)) as Record<string, unknown>;
      expect(readIntrospectionResponse(answer({ ...sent, active: true }), context)).toEqual({ active: true, claims });
    }),
  );
});

test('EX-04: a refusal keeps why and for how long, and neither the token nor the credential', async () => {
  const request = await buildIntrospectionRequest({ ...client, token: 'marker-token' });
  const response = answer(
    { error: 'temporarily_unavailable', error_description: 'no word on marker-token for marker-secret' },
    { status: 503, headers: { 'content-type': 'application/json', 'retry-after': '7' } },
  );
  const error = thrown(() => readIntrospectionResponse(response, { ...context, clientId: 'api', request }));
  expect(error).toMatchObject({ code: 'oauth_error', error: 'temporarily_unavailable', transient: true, retryAfterMs: 7000 });
  expect(error).toHaveProperty('message', expect.stringMatching(/^The introspection endpoint refused the request for client "api": /));
  expect(inspect(error) + JSON.stringify(error)).not.toContain('marker');
});
