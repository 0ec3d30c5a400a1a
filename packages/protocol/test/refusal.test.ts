import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { readTokenResponse, type TokenResponseContext } from '../src/token-response/token-response.ts';
import type { TokenResponseError } from '../src/token-response/token-response-error.ts';
import { thrown } from './thrown.ts';
import { answer, json, readAs, refusal, requestedAtMs, rfc } from './token-answers.ts';

test.each([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
  'invalid_dpop_proof',
  'use_dpop_nonce',
  'invalid_authorization_details',
  'invalid_resource',
  'interaction_required',
  'slow_down',
  'something_new',
])('CC-28, CC-30: the error %s is kept as sent', (error) => {
  expect(refusal(answer({ error }, { status: 400 }))).toMatchObject({ code: 'oauth_error', status: 400, error });
});

test('CC-28: an error names how many requests were sent, where there was more than one', () => {
  const refused = answer({ error: 'x' }, { status: 400 });
  const errorAfter = (attempts: number | undefined) => thrown(() => readAs(refused, { attempts })) as TokenResponseError;
  expect(errorAfter(2)).toMatchObject({ attempts: 2, message: 'The token endpoint refused the request: "x" (HTTP 400, after 2 attempts)' });
  expect(errorAfter(1)).toMatchObject({ attempts: 1, message: 'The token endpoint refused the request: "x" (HTTP 400)' });
  expect(errorAfter(undefined)).not.toHaveProperty('attempts');
});

test('CC-28: the page about an error is kept, without what it repeats', () => {
  const error_uri = 'https://as.example/errors?code=7&jwt=eyJhbGciOi.eyJzdWIi.c2ln';
  expect(refusal(answer({ error: 'x', error_uri }, { status: 400 })).errorUri).toBe('https://as.example/errors?code=7&jwt=[redacted]');
  expect(refusal(answer({ error: 'x', error_uri: 7 }, { status: 400 }))).not.toHaveProperty('errorUri');
});

test('CC-28, ENT-34, ENT-38: a refusal by Entra keeps what helps to find and mend it', () => {
  const body = {
    error: 'invalid_client',
    error_description: 'AADSTS700027: The certificate is not registered.\r\nTrace ID: t-1\r\nTimestamp: 2026-11-23 00:00:00Z',
    error_codes: [700027, '7000271'],
    suberror: 'bad_token',
    claims: '{"access_token":{}}',
    trace_id: 't-1',
    correlation_id: 'c-1',
  };
  const error = refusal(answer(body, { status: 401, headers: { ...json, 'x-ms-request-id': 'r-1' } }));
  expect(error).toMatchObject({
    name: 'TokenResponseError',
    code: 'oauth_error',
    status: 401,
    error: 'invalid_client',
    description: body.error_description,
    errorCodes: [700027, 7000271],
    suberror: 'bad_token',
    claims: '{"access_token":{}}',
    requestId: 'r-1',
    correlationId: 'c-1',
    transient: false,
  });
  expect(error.message).toBe(
    'The token endpoint refused the request for client "me": "invalid_client" (HTTP 401): AADSTS700027: The certificate is not registered. Trace ID: t-1 Timestamp: 2026-11-23 00:00:00Z',
  );
});

test('CC-31: a 200 that holds an error is an error', () => {
  expect(refusal(answer({ error: 'invalid_scope' }))).toMatchObject({
    code: 'oauth_error',
    status: 200,
    error: 'invalid_scope',
    errorCodes: [],
  });
});

test('CC-32: an assertion or token that a server repeats in its description is taken out', () => {
  const error = refusal(answer({ error: 'invalid_client', error_description: 'bad eyJhbGciOi.eyJzdWIi.c2ln here' }, { status: 400 }));
  expect(error.description).toBe('bad [redacted] here');
});

test.each([
  [400, 'invalid_client', false],
  [400, 'temporarily_unavailable', true],
  [400, 'server_error', true],
  [408, 'x', true],
  [429, 'x', true],
  [500, 'x', true],
  [501, 'x', false],
  [502, 'x', true],
  [503, 'invalid_client', true],
  [504, 'x', true],
])('CC-30: HTTP %d with %s is passing: %s', (status, error, transient) => {
  expect(refusal(answer({ error }, { status })).transient).toBe(transient);
});

test.each([
  'client_secret=marker+sec%7Eret',
  'raw marker sec~ret',
  'got Basic bWU6bWFya2VyIHNlY35yZXQ=',
  'Bearer marker.opaque',
  'eyJhbGciOi.eyJzdWIi.c2ln',
  'eyJhbGciOi..aXY.Y3Q.dGFn',
])('CC-32: a server that repeats %j is not quoted', (words) => {
  const request = { headers: { authorization: 'Basic bWU6bWFya2VyIHNlY35yZXQ=' }, body: 'client_secret=marker+sec%7Eret' };
  const response = answer(
    { error: 'invalid_request', error_description: `so: ${words}!`, trace_id: words, suberror: words },
    { status: 400, headers: { ...json, 'client-request-id': words } },
  );
  const error = thrown(() => readTokenResponse(response, { server: rfc, requestedAtMs, request }));
  expect(inspect(error) + JSON.stringify(error)).not.toMatch(/marker|bWFya|c2ln|dGFn/);
  expect(error).toMatchObject({ description: expect.stringMatching(/^so: .*\[redacted\]/) });
});

test('CC-32: a secret that lies across the cut of a long text is taken out whole', () => {
  const request = { headers: {}, body: 'client_secret=marker-secret' };
  const response = answer({ error: 'x', error_description: `${'.'.repeat(8186)}marker-secret` }, { status: 400 });
  const error = thrown(() => readTokenResponse(response, { server: rfc, requestedAtMs, request })) as TokenResponseError;
  expect(error.description).toHaveLength(8192);
  expect(error.description).not.toContain('marker');
});

test('ENT-37: a claims request is whole or absent', () => {
  expect(refusal(answer({ error: 'x', claims: 'c'.repeat(16_384) })).claims).toHaveLength(16_384);
  expect(refusal(answer({ error: 'x', claims: 'c'.repeat(16_385) }))).not.toHaveProperty('claims');
});

test('CC-32, ENT-37: a claims request in which a secret of the request stands is absent', () => {
  const request = { headers: {}, body: 'client_secret=marker%22secret' };
  const claimsOf = (claims: string) =>
    thrown(() => readAs(answer({ error: 'x', claims }, { status: 400 }), { request })) as TokenResponseError;
  expect(claimsOf('{"access_token":{"a":"marker\\"secret"}}')).not.toHaveProperty('claims');
  expect(claimsOf('{"access_token":{"a":"marker"}}').claims).toBe('{"access_token":{"a":"marker"}}');
});

test('CC-28, CC-30: a known error is kept as sent, even where a secret is a part of it; another one is not', () => {
  const request = { headers: {}, body: 'client_secret=temporarily' };
  const errorOf = (error: string) => thrown(() => readAs(answer({ error }, { status: 400 }), { request }));
  expect(errorOf('temporarily_unavailable')).toMatchObject({ error: 'temporarily_unavailable', transient: true });
  expect(errorOf('temporarily_away')).toMatchObject({ error: '[redacted]_away', transient: false });
});

test('ENT-34: the first 20 numbers of an answer count', () => {
  const error_codes = Array.from({ length: 21 }, (_, index) => index + 1);
  expect(refusal(answer({ error: 'x', error_codes }, { status: 400 })).errorCodes).toEqual(error_codes.slice(0, 20));
});

test('HTTP-14: a date to retry after is measured by the clock of the server that named it', () => {
  const headers = { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT', date: 'Fri, 31 Dec 1999 23:57:59 GMT' };
  for (const body of ['', { error: 'x' }]) {
    expect(refusal(answer(body, { status: 503, headers }))).toMatchObject({ retryAfterMs: 120_000 });
  }
});

test('CC-29: what turns or breaks a line of a log is taken out of the message', () => {
  const error_description = 'a\u2028b\u202ec\r\nd';
  expect(refusal(answer({ error: 'x', error_description })).message).toMatch(/: a b c d$/);
});

test('HTTP-14: a date to retry after is counted from when the answer came, or else from the request', () => {
  const refused = answer('', { status: 503, headers: { 'retry-after': new Date(requestedAtMs + 60_000).toUTCString() } });
  const delay = (context: Partial<TokenResponseContext>) => (thrown(() => readAs(refused, context)) as TokenResponseError).retryAfterMs;
  expect(delay({ receivedAtMs: requestedAtMs + 10_000 })).toBe(50_000);
  expect(delay({})).toBe(60_000);
});

test('HTTP-18: Retry-After is on the error, and absent when it is unreadable', () => {
  const headers = (value: string) => ({ ...json, 'retry-after': value });
  expect(refusal(answer({ error: 'x' }, { status: 429, headers: headers('7') })).retryAfterMs).toBe(7000);
  expect(refusal(answer('', { status: 503, headers: headers('soon') }))).not.toHaveProperty('retryAfterMs');
});
