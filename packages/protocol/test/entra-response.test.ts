import { expect, test } from 'vitest';
import { entraServer } from '../src/entra/authority.ts';
import type { AccessToken } from '../src/token-response/access-token.ts';
import { readTokenResponse } from '../src/token-response/token-response.ts';
import type { TokenResponseError } from '../src/token-response/token-response-error.ts';
import { thrown } from './thrown.ts';

const requestedAtMs = Date.UTC(2026, 10, 23);
const server = entraServer({ tenant: 'contoso.com' });
const scope = 'https://graph.microsoft.com/.default';

const read = (body: object, { status = 200, headers = {} } = {}): AccessToken =>
  readTokenResponse(
    { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body) },
    { server, scope, requestedAtMs },
  );
const refuse = (body: object, answer: { status?: number; headers?: object } = {}): TokenResponseError =>
  thrown(() => read(body, { status: 400, ...answer })) as TokenResponseError;

test('ENT-30: the fields of a token', () => {
  const token = read({ token_type: 'Bearer', expires_in: 86399, ext_expires_in: 86399, refresh_in: 43199, access_token: 'eyJ.e.s' });
  expect(token.value).toBe('eyJ.e.s');
  expect(token).toMatchObject({
    tokenType: 'Bearer',
    expiresAtMs: requestedAtMs + 86_399_000,
    refreshAtMs: requestedAtMs + 43_199_000,
    receivedAtMs: requestedAtMs,
    scopes: [scope],
    narrowed: false,
  });
});

test.each([3599, 5399, 86399])('ENT-31: %d seconds are what the server said, and nothing is assumed', (expires_in) => {
  expect(read({ token_type: 'Bearer', access_token: 't', expires_in }).expiresAtMs).toBe(requestedAtMs + expires_in * 1000);
});

test('ENT-32: without refresh_in there is no time to renew at', () => {
  expect(read({ token_type: 'Bearer', access_token: 't', expires_in: 3599 })).not.toHaveProperty('refreshAtMs');
});

test('ENT-33: ext_expires_in makes no token live longer', () => {
  const token = read({ token_type: 'Bearer', access_token: 't', expires_in: 3599, ext_expires_in: 86399 });
  expect(token.expiresAtMs).toBe(requestedAtMs + 3_599_000);
});

test('ENT-35: other text and other numbers change what is told, not what to do', () => {
  const one = refuse({ error: 'invalid_client', error_description: 'AADSTS7000215: Invalid secret.', error_codes: [7000215] });
  const other = refuse({ error: 'invalid_client', error_description: 'temporarily_unavailable, try again', error_codes: [90055, 50033] });
  const flow = ({ code, error, status, transient, retryAfterMs }: TokenResponseError) => ({ code, error, status, transient, retryAfterMs });
  expect(flow(other)).toEqual(flow(one));
  expect([one.explanation?.permanent, other.explanation?.permanent]).toEqual([true, false]);
});

test.each([
  ...['basic_action', 'additional_action', 'message_only', 'consent_required', 'user_password_expired', 'bad_token', 'token_expired'],
  ...['client_mismatch', 'protection_policy_required'],
])('ENT-36: the suberror %s is told, and the refusal is final', (suberror) => {
  expect(refuse({ error: 'invalid_grant', suberror })).toMatchObject({ error: 'invalid_grant', suberror, transient: false });
});

test('ENT-37: claims come as they were sent, and are no reason to try again', () => {
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c25"}}}';
  expect(refuse({ error: 'interaction_required', claims })).toMatchObject({ claims, transient: false });
});

test('ENT-38: the ids of an answer, from its headers or its body', () => {
  const body = { error: 'invalid_client', trace_id: 'trace', correlation_id: 'body' };
  const headers = { 'X-MS-Request-Id': 'header', 'Client-Request-Id': 'header' };
  expect(refuse(body)).toMatchObject({ requestId: 'trace', correlationId: 'body' });
  expect(refuse({ error: 'invalid_client' }, { headers })).toMatchObject({ requestId: 'header', correlationId: 'header' });
});

test('ENT-39: a throttled answer passes, and says when', () => {
  const refusal = refuse({ error: 'invalid_request', error_codes: [90055] }, { status: 429, headers: { 'retry-after': '5' } });
  expect(refusal).toMatchObject({ transient: true, retryAfterMs: 5000, explanation: { code: 'AADSTS90055' } });
});

test('an unreadable answer explains nothing', () => {
  expect(thrown(() => read([], { status: 502 }))).not.toHaveProperty('explanation');
  expect(refuse({ error: 'something_else' })).not.toHaveProperty('explanation');
});
