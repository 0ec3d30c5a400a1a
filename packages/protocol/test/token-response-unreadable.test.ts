import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entraServer } from '../src/entra/authority.ts';
import { ProtocolError } from '../src/errors.ts';
import type { HttpResponse } from '../src/http-response.ts';
import type { AccessToken } from '../src/token-response/access-token.ts';
import type { TokenResponseContext } from '../src/token-response/token-response.ts';
import { TokenResponseError } from '../src/token-response/token-response-error.ts';
import { thrown } from './thrown.ts';
import { answer, json, readAs, refusal, requestedAtMs, success } from './token-answers.ts';

const entra = entraServer({ tenant: 'contoso.com' });

test('CC-19: an expires_in that is no number of seconds makes the answer unreadable', () => {
  expect(refusal(answer({ ...success, expires_in: '1e3' }))).toMatchObject({
    code: 'invalid_response',
    status: 200,
    message: expect.stringContaining('the expires_in "1e3", which is no number of seconds'),
  });
});

test('CC-23, HTTP-18: a header that is no text is as good as none', () => {
  const headers = { ...json, 'retry-after': 7 } as unknown as HttpResponse['headers'];
  expect(refusal(answer({ error: 'x' }, { status: 503, headers }))).not.toHaveProperty('retryAfterMs');
  expect(refusal(answer(success, { headers: { 'content-type': 7 } as unknown as HttpResponse['headers'] })).message).toContain(
    'without a type',
  );
});

test.each(['access_token', 'token_type', 'error'])('CC-24: an answer with two members %s is unreadable, whatever its status', (name) => {
  for (const status of [200, 400]) {
    const body = `{"access_token":"marker-token","token_type":"Bearer","error":"","${name}":"marker-other"}`;
    const error = refusal(answer(body, { status }));
    expect(error).toMatchObject({ code: 'invalid_response', message: expect.stringContaining(`has ${name} more than once`) });
    expect(inspect(error)).not.toContain('marker');
  }
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

test('CC-29: what is plainly a type or a number of seconds is quoted', () => {
  const messageFor = (member: object): string => refusal(answer({ ...success, ...member })).message;
  expect(messageFor({ token_type: 'abcdefghijk_' })).toContain('the token_type "abcdefghijk_", and Bearer was asked for');
  expect(messageFor({ token_type: 'abcdefghijklm' })).toContain('an unexpected token_type, and Bearer was asked for');
  expect(messageFor({ expires_in: -1 })).toContain('the expires_in -1, which');
  expect(messageFor({ expires_in: '12345678901234567890' })).toContain('the expires_in "12345678901234567890", which');
  expect(messageFor({ expires_in: '123456789012345678901' })).toContain('an unexpected expires_in, which');
  expect(messageFor({ expires_in: [3600] })).toContain('an unexpected expires_in, which');
});

test.each([{ token_type: 'marker-token-here' }, { expires_in: 'marker-token-here' }])(
  'CC-32: %j may be a token in the wrong place, and is not quoted',
  (member) => {
    expect(refusal(answer({ ...success, ...member })).message).not.toContain('marker');
  },
);

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
