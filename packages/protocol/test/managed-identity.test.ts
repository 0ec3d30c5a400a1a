import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { managedIdentityResource, readManagedIdentityResponse } from '../src/entra/managed-identity.ts';
import { parsePlatformDate } from '../src/entra/platform-date.ts';
import type { HttpResponse } from '../src/http-response.ts';
import { thrown } from './thrown.ts';

const requestedAtMs = 1_506_480_273_000;
const success = {
  access_token: 'marker-token',
  refresh_token: '',
  expires_in: '3599',
  ext_expires_in: '86399',
  expires_on: '1506484173',
  not_before: '1506480273',
  resource: 'https://management.azure.com/',
  token_type: 'Bearer',
};
const answer = (body: unknown, more: Partial<HttpResponse> = {}): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
  ...more,
});

test('MI-01, CC-19, CC-26: an answer of IMDS is a token, without its refresh token', () => {
  const token = readManagedIdentityResponse(answer(success), { requestedAtMs, scope: 'https://management.azure.com/.default' });
  expect(token.value).toBe('marker-token');
  expect({ ...token }).toEqual({
    tokenType: 'Bearer',
    expiresAtMs: 1_506_484_173_000,
    receivedAtMs: requestedAtMs,
    scopes: ['https://management.azure.com/.default'],
    narrowed: false,
  });
  expect(inspect(token, { showHidden: true })).not.toContain('marker');
});

test('MI-01: a refresh_in counts from when the token was issued, which is not known, so it is passed over', () => {
  const token = readManagedIdentityResponse(answer({ ...success, refresh_in: '1800' }), { requestedAtMs });
  expect(token).not.toHaveProperty('refreshAtMs');
});

test('MI-01: an answer as octets with a byte order mark is read too', () => {
  const body = Buffer.from(`\uFEFF${JSON.stringify(success)}`);
  expect(readManagedIdentityResponse(answer('', { body }), { requestedAtMs }).expiresAtMs).toBe(1_506_484_173_000);
});

test.each([
  [{ expires_on: null }, 3599],
  [{ expires_on: '' }, 3599],
  [{ expires_on: {} }, 3599],
  [{ expires_on: { toString: 1 } }, 3599],
  [{ expires_on: '10000000000000000' }, 3599],
  [{ expires_on: null, expires_in: null }, 300],
  [{ expires_on: '1000000000000000' }, 315_360_000],
])('MI-01: with %j it lives %d seconds', (change, seconds) => {
  const token = readManagedIdentityResponse(answer({ ...success, ...change }), { requestedAtMs });
  expect(token.expiresAtMs).toBe(requestedAtMs + seconds * 1000);
});

test.each([
  [{ access_token: undefined }, 'no access_token'],
  [{ access_token: undefined, message: 'It went wrong' }, 'no access_token'],
  [{ token_type: 'pop' }, 'token_type "pop"'],
  [{ expires_on: undefined, expires_in: 'soon' }, 'expires_in'],
  [{ expires_on: 'soon', expires_in: undefined }, 'expires_in'],
])('MI-01: with %j the answer is unreadable', (change, told) => {
  expect(() => readManagedIdentityResponse(answer({ ...success, ...change }), { requestedAtMs })).toThrowError(
    expect.objectContaining({ code: 'invalid_response', message: expect.stringContaining(told) }),
  );
});

test('an answer nested a million deep is read like any other', () => {
  const deep = (open: string, close: string) => `${open.repeat(500_000)}1${close.repeat(500_000)}`;
  const nested = `{"access_token":"t","token_type":"Bearer","x":${deep('[', ']')}}`;
  expect(readManagedIdentityResponse(answer('', { body: nested }), { requestedAtMs }).value).toBe('t');
  for (const name of ['access_token', 'error', 'expires_on']) {
    const body = `{"${name}":${deep('{"a":', '}')}}`;
    expect(thrown(() => readManagedIdentityResponse(answer('', { body }), { requestedAtMs }))).toMatchObject({ code: 'invalid_response' });
  }
});

test('MI-01: a token that comes with a message is a token', () => {
  expect(readManagedIdentityResponse(answer({ ...success, message: 'hello' }), { requestedAtMs }).value).toBe('marker-token');
});

test('MI-01, ENT-34: Azure Arc refuses in the words of Entra, and the number is explained', () => {
  const body = {
    error: 'invalid_resource',
    error_description: 'AADSTS500011: …',
    error_codes: [500011],
    trace_id: 't',
    correlation_id: 'c',
  };
  expect(
    thrown(() => readManagedIdentityResponse(answer(body, { status: 400 }), { requestedAtMs, clientId: 'me', attempts: 3 })),
  ).toMatchObject({
    code: 'oauth_error',
    error: 'invalid_resource',
    errorCodes: [500011],
    requestId: 't',
    correlationId: 'c',
    attempts: 3,
    message: expect.stringContaining('for client "me"'),
    explanation: { code: 'AADSTS500011' },
  });
});

test('MI-01: a refusal that passes says so, and when', () => {
  const headers = { 'content-type': 'application/json', 'retry-after': '7' };
  const body = { statusCode: 429, message: 'Too many requests', correlationId: 'c' };
  expect(thrown(() => readManagedIdentityResponse(answer(body, { status: 429, headers }), { requestedAtMs }))).toMatchObject({
    code: 'oauth_error',
    error: '429',
    description: 'Too many requests',
    correlationId: 'c',
    transient: true,
    retryAfterMs: 7000,
  });
});

test.each([
  [{ error: { code: 5, message: [] } }, 400],
  [{ error: null, message: 'no' }, 400],
  [{ error: {} }, 200],
  [{ message: { toString: 5 } }, 500],
  [{}, 410],
])('MI-01: the refusal %j with status %d says nothing readable', (body, status) => {
  expect(thrown(() => readManagedIdentityResponse(answer(body, { status }), { requestedAtMs }))).toMatchObject({
    code: 'invalid_response',
    status,
  });
});

test('MI-01: what Arc was sent as Authorization is not repeated', () => {
  const request = { headers: { authorization: 'Basic marker-key-of-arc' }, body: '' };
  const body = { error: 'invalid_request', error_description: 'got marker-key-of-arc' };
  const error = thrown(() => readManagedIdentityResponse(answer(body, { status: 401 }), { requestedAtMs, request }));
  expect(inspect(error)).not.toContain('marker');
});

test.each([
  ['https://vault.azure.net/.default', 'https://vault.azure.net'],
  [['https://a//.default'], 'https://a/'],
  ['api://AzureADTokenExchange/.default', 'api://AzureADTokenExchange'],
])('MI-04: the resource of %j is %s', (scope, resource) => {
  expect(managedIdentityResource(scope)).toBe(resource);
});

test.each(['', 'https://a/', 'https://a/.default https://b/.default'])('MI-04: %j is not one resource', (scope) => {
  expect(() => managedIdentityResource(scope)).toThrowError(expect.objectContaining({ code: 'invalid_scope' }));
});

test.each([
  ['2024-10-18T19:51:37Z', '2024-10-18T19:51:37Z'],
  ['2024-10-18T19:51:37.9999999+00:00', '2024-10-18T19:51:37Z'],
  ['2024-10-18T19:51:37-02:30', '2024-10-18T22:21:37Z'],
  ['10/8/2024 9:51:37 AM +00:00', '2024-10-08T09:51:37Z'],
  ['1/18/2024 9:51:37 PM +00:00', '2024-01-18T21:51:37Z'],
  ['1/18/2024 12:00:00 AM +00:00', '2024-01-18T00:00:00Z'],
  ['1/18/2024 0:00:00 AM +00:00', '2024-01-18T00:00:00Z'],
  ['1/18/2024 12:00:00 PM +00:00', '2024-01-18T12:00:00Z'],
  ['1/18/2024 0:30:00 PM +00:00', '2024-01-18T12:30:00Z'],
  ['01/18/2024 00:30:00 +01:00', '2024-01-17T23:30:00Z'],
  ['01/18/2024 23:30:00 Z', '2024-01-18T23:30:00Z'],
])('MI-01: the date %s is %s', (text, iso) => {
  expect(parsePlatformDate(text)).toBe(Date.parse(iso));
});

test.each([
  '2024-10-18',
  '2024-10-18T19:51:37',
  '2024-10-18 19:51:37Z',
  '2024-13-18T19:51:37Z',
  ' 2024-10-18T19:51:37Z',
  '2024-10-18T19:51:37Z ',
  '13/18/2024 9:51:37 AM +00:00',
  '1/18/2024 24:30:00 +00:00',
  '1/18/2024 9:51:37 AM',
  '1/18/24 9:51:37 AM +00:00',
  '1/18/2024 9:51:37 XM +00:00',
  'x1/18/2024 9:51:37 AM +00:00',
  '1/18/2024 9:51:37 AM +00:00x',
  '',
])('MI-01: %j is no date', (text) => {
  expect(parsePlatformDate(text)).toBeUndefined();
});
