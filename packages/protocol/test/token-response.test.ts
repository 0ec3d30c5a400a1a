import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuthorizationServer } from '../src/authorization-server.ts';
import { entraServer } from '../src/entra/authority.ts';
import { ProtocolError } from '../src/errors.ts';
import type { HttpResponse } from '../src/http-response.ts';
import type { AccessToken } from '../src/token-response/access-token.ts';
import { readTokenResponse, type TokenResponseContext } from '../src/token-response/token-response.ts';
import { TokenResponseError } from '../src/token-response/token-response-error.ts';
import { thrown } from './thrown.ts';

const requestedAtMs = Date.UTC(2026, 10, 23);
const rfc: AuthorizationServer = { profile: 'rfc', issuer: 'https://as.example', tokenEndpoint: 'https://as.example/t' };
const entra = entraServer({ tenant: 'contoso.com' });
const json = { 'content-type': 'application/json' };
const success = { access_token: 'marker-token', token_type: 'Bearer', expires_in: 3600 };

const answer = (body: unknown, more: Partial<HttpResponse> = {}): HttpResponse => ({
  status: 200,
  headers: json,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
});
const read = (response: HttpResponse, scope?: string, server = rfc): AccessToken =>
  readTokenResponse(response, { server, clientId: 'me', scope, requestedAtMs });
const readAs = (response: HttpResponse, context: Partial<TokenResponseContext>): AccessToken =>
  readTokenResponse(response, { server: rfc, requestedAtMs, ...context });
const refusal = (response: HttpResponse): TokenResponseError => thrown(() => read(response)) as TokenResponseError;

test('CC-16, CC-18, CC-20: a token expires from before it was asked for, and unknown members mean nothing', () => {
  const token = read(answer({ ...success, example_parameter: 'example_value' }), 'b a');
  expect(token.value).toBe('marker-token');
  expect({ ...token }).toEqual({
    tokenType: 'Bearer',
    expiresAtMs: requestedAtMs + 3_600_000,
    receivedAtMs: requestedAtMs,
    scopes: ['b', 'a'],
    narrowed: false,
  });
});

test('CC-18, ENT-31: the expiry is counted from the request, in milliseconds', () => {
  expect(read(answer({ ...success, expires_in: 5399 })).expiresAtMs).toBe(requestedAtMs + 5_399_000);
  expect(read(answer({ ...success, expires_in: undefined })).expiresAtMs).toBe(requestedAtMs + 300_000);
  expect(readAs(answer(success), { receivedAtMs: requestedAtMs + 9000 }).expiresAtMs).toBe(requestedAtMs + 3_600_000);
});

test('CC-19: an expires_in that is no number of seconds makes the answer unreadable', () => {
  expect(refusal(answer({ ...success, expires_in: '1e3' }))).toMatchObject({
    code: 'invalid_response',
    status: 200,
    message: expect.stringContaining('the expires_in "1e3", which is no number of seconds'),
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, '0', 8.64e15, -8.64e15, Date.UTC(9999, 11, 31) + 1])(
  'CC-18: a token is not read without the time of its request (%s)',
  (time) => {
    expect(thrown(() => readAs(answer(success), { requestedAtMs: time as number }))).toMatchObject({
      code: 'invalid_parameter',
      message: expect.stringContaining('requestedAtMs'),
    });
  },
);

test('CC-18: every expiry is a date, also that of the longest token from the last time there is', () => {
  const token = readAs(answer({ ...success, expires_in: Number.MAX_SAFE_INTEGER }), { requestedAtMs: Date.UTC(9999, 11, 31) });
  expect(new Date(token.expiresAtMs).getUTCFullYear()).toBe(10_009);
});

test.each([
  ['scope', 'é', 'scope "é"'],
  ['tokenType', null, 'token type is null'],
  ['tokenType', 'bearer', 'token type is "bearer"'],
  ['tokenType', 'constructor', 'token type is "constructor"'],
  ['server', undefined, 'profile'],
  ['server', { profile: 'Entra' }, 'profile'],
  ['request', null, 'request is null'],
  ['request', { body: '' }, 'request is an object without headers'],
  ['receivedAtMs', Number.NaN, 'receivedAtMs'],
  ['receivedAtMs', null, 'receivedAtMs'],
])('CC-16, CC-28: a context whose %s is %j is refused at once, whatever the answer is', (name, value, words) => {
  for (const response of [answer(success), answer({ error: 'x' }, { status: 400 }), answer('', { status: 502 })]) {
    expect(thrown(() => readAs(response, { [name]: value }))).toMatchObject({
      name: 'ProtocolError',
      code: name === 'scope' ? 'invalid_scope' : 'invalid_parameter',
      message: expect.stringContaining(words),
    });
  }
});

test('CC-23, HTTP-18: a header that is no text is as good as none', () => {
  const headers = { ...json, 'retry-after': 7 } as unknown as HttpResponse['headers'];
  expect(refusal(answer({ error: 'x' }, { status: 503, headers }))).not.toHaveProperty('retryAfterMs');
  expect(refusal(answer(success, { headers: { 'content-type': 7 } as unknown as HttpResponse['headers'] })).message).toContain(
    'without a type',
  );
});

test.each([
  [{ ext_expires_in: 7200 }, requestedAtMs + 7_200_000],
  [{ ext_expires_in: '3601' }, requestedAtMs + 3_601_000],
  [{ ext_expires_in: 3600 }, undefined],
  [{ ext_expires_in: 0 }, undefined],
  [{ ext_expires_in: 'later' }, undefined],
  [{}, undefined],
])('ENT-33: %j lets the token serve in an outage until %s; what extends nothing is not there', (member, expected) => {
  const token = read(answer({ ...success, ...member }));
  expect(token.extendedExpiresAtMs).toBe(expected);
  expect(Object.hasOwn(token, 'extendedExpiresAtMs')).toBe(expected !== undefined);
  expect(token.expiresAtMs).toBe(requestedAtMs + 3_600_000);
});

test.each([
  [{ refresh_in: 1800 }, requestedAtMs + 1_800_000],
  [{ refresh_in: '1800' }, requestedAtMs + 1_800_000],
  [{ refresh_in: 3600 }, undefined],
  [{ refresh_in: -1 }, undefined],
  [{ refresh_in: 'soon' }, undefined],
])('ENT-32: %j gives the renewal time %s; what makes no sense is no advice', (member, expected) => {
  expect(read(answer({ ...success, ...member })).refreshAtMs).toBe(expected);
});

test('CC-14: what the server granted replaces what was asked for, and a loss is flagged', () => {
  expect(read(answer({ ...success, scope: 'a' }), 'a b')).toMatchObject({ scopes: ['a'], narrowed: true });
  expect(read(answer({ ...success, scope: 'b a c' }), 'a b')).toMatchObject({ scopes: ['b', 'a', 'c'], narrowed: false });
  expect(read(answer({ ...success, scope: 'api/read' }), 'api/.default', entra)).toMatchObject({ scopes: ['api/read'], narrowed: false });
});

test.each(['bearer', 'BEARER', 'Bearer'])('CC-17: the token type %s is Bearer', (token_type) => {
  expect(read(answer({ ...success, token_type })).tokenType).toBe('Bearer');
});

test('CC-21: a token of 100 kB is a token', () => {
  expect(read(answer({ ...success, access_token: 'x'.repeat(100_000) })).value).toHaveLength(100_000);
});

test('CC-23, CC-24: case, charset and a byte order mark do not matter', () => {
  const headers = new Headers({ 'Content-Type': 'Application/JSON; charset=UTF-8' });
  expect(read(answer(`\uFEFF${JSON.stringify(success)}`, { headers })).value).toBe('marker-token');
  expect(
    read(answer('', { body: Buffer.from(`\uFEFF${JSON.stringify(success)}`), headers: { 'CONTENT-TYPE': ['application/jwk+json'] } }))
      .value,
  ).toBe('marker-token');
});

test('CC-26: a refresh token is said to be there, and is not kept', () => {
  const token = read(answer({ ...success, refresh_token: 'marker-refresh' }));
  expect(token.refreshTokenPresent).toBe(true);
  expect(inspect(token, { showHidden: true })).not.toContain('marker-refresh');
});

test.each([{}, { refresh_token: '' }, { refresh_token: null }, { refresh_token: 7 }])('CC-26: %j is no refresh token', (member) => {
  expect(read(answer({ ...success, ...member }))).not.toHaveProperty('refreshTokenPresent');
});

const binding = { thumbprint: 't' };

test.each([
  ['DPoP', { tokenType: 'dpop' }, rfc],
  ['dPOP', { tokenType: 'dpop' }, rfc],
  ['mtls_pop', { tokenType: 'mtls_pop' }, entra],
  ['MTLS_POP', { tokenType: 'mtls_pop' }, entra],
  ['Bearer', {}, rfc],
] as const)('CC-17, ENT-46: a token of the type %s is bound as it was asked for with %j', (token_type, asked, server) => {
  const token = readAs(answer({ ...success, token_type }), { ...asked, server, binding });
  expect(token.tokenType.toLowerCase()).toBe(token_type.toLowerCase());
  expect(token.binding).toEqual(binding);
});

test.each(['Bearer', 'mtls_pop', 'mac', ''])('DP-09: asked for DPoP, a token of the type %j is discarded', (token_type) => {
  expect(thrown(() => readAs(answer({ ...success, token_type }), { tokenType: 'dpop', binding }))).toMatchObject({
    code: 'invalid_response',
    message: expect.stringMatching(/ DPoP was asked for$/),
  });
});

test('DP-09: whoever lets Bearer pass gets it without a binding, and still no other type', () => {
  const asked = { tokenType: 'dpop', binding, allowBearer: true } as const;
  const token = readAs(answer(success), asked);
  expect(token.tokenType).toBe('Bearer');
  expect(token.binding).toBeUndefined();
  expect(readAs(answer({ ...success, token_type: 'DPoP' }), asked)).toMatchObject({ tokenType: 'DPoP', binding });
  expect(thrown(() => readAs(answer({ ...success, token_type: 'mac' }), asked))).toMatchObject({ code: 'invalid_response' });
  expect(thrown(() => readAs(answer(success), { ...asked, allowBearer: false }))).toMatchObject({ code: 'invalid_response' });
  expect(thrown(() => readAs(answer({ ...success, token_type: 'DPoP' }), { allowBearer: true }))).toMatchObject({
    code: 'invalid_response',
  });
});

test.each(['access_token', 'token_type', 'error'])('CC-24: an answer with two members %s is unreadable, whatever its status', (name) => {
  for (const status of [200, 400]) {
    const body = `{"access_token":"marker-token","token_type":"Bearer","error":"","${name}":"marker-other"}`;
    const error = refusal(answer(body, { status }));
    expect(error).toMatchObject({ code: 'invalid_response', message: expect.stringContaining(`has ${name} more than once`) });
    expect(inspect(error)).not.toContain('marker');
  }
});

test('CC-22: headers of a cache, and of anything else, change nothing', () => {
  const headers = { ...json, 'cache-control': 'max-age=600', pragma: 'x', age: '1' };
  expect(read(answer(success, { headers })).value).toBe('marker-token');
});

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

const contexts = fc.constantFrom<Partial<TokenResponseContext>>(
  {},
  { tokenType: 'dpop' },
  { tokenType: 'dpop', allowBearer: true },
  { server: entra },
);
const statuses = fc.constantFrom(200, 201, 307, 400, 401, 429, 500);

test('CC-16, CC-29: whatever JSON comes, there is a whole token or an error of ours', () => {
  const members = fc.record(
    {
      access_token: fc.oneof(fc.string(), fc.jsonValue()),
      token_type: fc.oneof(fc.constantFrom('Bearer', 'DPoP', 'mac'), fc.jsonValue()),
      expires_in: fc.oneof(fc.double(), fc.jsonValue()),
      refresh_in: fc.jsonValue(),
      ext_expires_in: fc.jsonValue(),
      scope: fc.oneof(fc.string(), fc.jsonValue()),
      refresh_token: fc.jsonValue(),
      error: fc.oneof(fc.string(), fc.jsonValue()),
      error_description: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
      error_codes: fc.jsonValue(),
      claims: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(members, fc.jsonValue()), statuses, contexts, (body, status, context) => {
      requireTokenOrError(answer(body, { status }), context);
    }),
    { numRuns: 1000 },
  );
});

test('CC-16, CC-24: whatever octets come, there is a whole token or an error of ours', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), statuses, contexts, (body, status, context) => {
      requireTokenOrError({ status, headers: json, body }, context);
    }),
  );
});

function requireTokenOrError(response: HttpResponse, context: Partial<TokenResponseContext>): void {
  let token: AccessToken;
  try {
    token = readAs(response, context);
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    return;
  }
  expect(token.value).toMatch(/^[!-~]+$/);
  expect(['Bearer', 'DPoP']).toContain(token.tokenType);
  expect(Number.isSafeInteger(token.expiresAtMs) && token.expiresAtMs >= requestedAtMs).toBe(true);
  expect(token.refreshAtMs ?? token.expiresAtMs - 1).toBeLessThan(token.expiresAtMs);
  expect(token.extendedExpiresAtMs ?? token.expiresAtMs + 1).toBeGreaterThan(token.expiresAtMs);
}

test.each([
  ['a redirect', answer('', { status: 307, headers: { location: 'https://evil.example' } }), 'redirect'],
  ['HTML of a proxy', answer('<html>502</html>', { status: 502, headers: { 'content-type': 'text/html' } }), 'HTTP 502'],
  ['a 403 with an empty body', answer('', { status: 403, headers: {} }), 'HTTP 403'],
  ['truncated JSON', answer('{"access_token":"marker-token","token_ty'), 'not a JSON object'],
  ['an array', answer('[]'), 'not a JSON object'],
  ['null', answer('null'), 'not a JSON object'],
  ['two byte order marks', answer(`\uFEFF\uFEFF${JSON.stringify(success)}`), 'not a JSON object'],
  ['two byte order marks in octets', answer('', { body: Buffer.from(`\uFEFF\uFEFF${JSON.stringify(success)}`) }), 'not a JSON object'],
  ['a 300', answer(success, { status: 300 }), 'redirect'],
  ['a 399', answer(success, { status: 399 }), 'redirect'],
  ['a redirect that holds an error', answer({ error: 'x' }, { status: 302 }), 'redirect'],
  ['broken UTF-8', answer('', { body: Uint8Array.of(0x7b, 0xff, 0x7d) }), 'not a JSON object'],
  ['HTML with status 200', answer(success, { headers: { 'content-type': 'text/html' } }), 'text/html'],
  ['no content type', answer(success, { headers: {} }), 'without a type'],
  ['a 201', answer(success, { status: 201 }), 'HTTP 201'],
  ['no access_token', answer({ token_type: 'Bearer' }), 'no access_token'],
  ['an empty access_token', answer({ ...success, access_token: '' }), 'no access_token'],
  ['an access_token that is no string', answer({ ...success, access_token: 1 }), 'no access_token'],
  ['a token with a line break', answer({ ...success, access_token: 'marker-token\r\nx: y' }), 'header cannot carry'],
  ['a token with a space', answer({ ...success, access_token: 'marker-token b' }), 'header cannot carry'],
  ['a token outside ASCII', answer({ ...success, access_token: 'marker-tokén' }), 'header cannot carry'],
  ['no token_type', answer({ access_token: 'marker-token' }), 'no token_type'],
  ['a token type not asked for', answer({ ...success, token_type: 'mac' }), '"mac"'],
  ['a DPoP token not asked for', answer({ ...success, token_type: 'DPoP' }), '"DPoP"'],
  ['an error that is no string', answer({ error: { code: 1 } }, { status: 400 }), 'no readable "error"'],
])('CC-16, CC-17, CC-23, CC-24, CC-25, CC-28: %s is a typed error with its status, and repeats nothing', (_, response, words) => {
  const error = refusal(response);
  expect(error).toBeInstanceOf(TokenResponseError);
  expect(error).toMatchObject({ code: 'invalid_response', status: response.status, message: expect.stringContaining(words) });
  expect(inspect(error)).not.toContain('marker-token');
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
  { ...success, expires_in: { toString: 0, valueOf: 0 } },
  `{"access_token":"x","token_type":"Bearer","expires_in":${'['.repeat(5000)}${']'.repeat(5000)}}`,
  { ...success, token_type: { toString: 0 } },
  { error: 'x', error_codes: [{ toString: 1, valueOf: 1 }, null, [], '', true, '1e3', '70011', 5.5, 90002] },
  { error: 'x', error_codes: { length: 3 }, error_description: {}, suberror: [], claims: 1, trace_id: {} },
])('CC-29: members that are no plain values make a typed error, not one of the runtime', (body) => {
  const error = refusal(answer(body));
  expect(error).toBeInstanceOf(TokenResponseError);
  expect(error.errorCodes).toEqual(
    typeof body === 'object' && 'error_codes' in body && Array.isArray(body.error_codes) ? [70011, 90002] : [],
  );
});

test('the Headers of another fetch are read like those of this one', () => {
  const foreign = { get: (name: string) => (name === 'content-type' ? 'application/json' : null) } as unknown as Headers;
  expect(read(answer(success, { headers: foreign })).value).toBe('marker-token');
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

test('CC-29: what is plainly a type or a number of seconds is quoted', () => {
  const messageFor = (member: object): string => refusal(answer({ ...success, ...member })).message;
  expect(messageFor({ token_type: 'abcdefghijk_' })).toContain('the token_type "abcdefghijk_", and Bearer was asked for');
  expect(messageFor({ token_type: 'abcdefghijklm' })).toContain('an unexpected token_type, and Bearer was asked for');
  expect(messageFor({ expires_in: -1 })).toContain('the expires_in -1, which');
  expect(messageFor({ expires_in: '12345678901234567890' })).toContain('the expires_in "12345678901234567890", which');
  expect(messageFor({ expires_in: '123456789012345678901' })).toContain('an unexpected expires_in, which');
  expect(messageFor({ expires_in: [3600] })).toContain('an unexpected expires_in, which');
});

test('CC-32: the scopes of a token are frozen too, whether granted or asked for', () => {
  expect(Object.isFrozen(read(answer(success), 'a').scopes)).toBe(true);
  expect(Object.isFrozen(read(answer({ ...success, scope: 'a' }), 'a').scopes)).toBe(true);
});

test.each([{ token_type: 'marker-token-here' }, { expires_in: 'marker-token-here' }])(
  'CC-32: %j may be a token in the wrong place, and is not quoted',
  (member) => {
    expect(refusal(answer({ ...success, ...member })).message).not.toContain('marker');
  },
);

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

test('CC-28, CC-32: an unreadable answer too keeps the attempts, and repeats no secret of the request', () => {
  const request = { headers: {}, body: 'client_secret=marker-secret' };
  const headers = { 'content-type': 'marker-secret', 'x-ms-request-id': 'r marker-secret' };
  expect(thrown(() => readAs(answer(success, { headers }), { request, attempts: 3 }))).toMatchObject({
    code: 'invalid_response',
    attempts: 3,
    requestId: 'r [redacted]',
    message: 'The answer of the token endpoint (HTTP 200, after 3 attempts) is "[redacted]", not application/json',
  });
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
