import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { entraServer } from '../src/entra/authority.ts';
import { thrown } from './thrown.ts';
import { answer, json, read, readAs, requestedAtMs, rfc, success } from './token-answers.ts';

const entra = entraServer({ tenant: 'contoso.com' });

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

test('CC-22: headers of a cache, and of anything else, change nothing', () => {
  const headers = { ...json, 'cache-control': 'max-age=600', pragma: 'x', age: '1' };
  expect(read(answer(success, { headers })).value).toBe('marker-token');
});

test('the Headers of another fetch are read like those of this one', () => {
  const foreign = { get: (name: string) => (name === 'content-type' ? 'application/json' : null) } as unknown as Headers;
  expect(read(answer(success, { headers: foreign })).value).toBe('marker-token');
});

test('CC-32: the scopes of a token are frozen too, whether granted or asked for', () => {
  expect(Object.isFrozen(read(answer(success), 'a').scopes)).toBe(true);
  expect(Object.isFrozen(read(answer({ ...success, scope: 'a' }), 'a').scopes)).toBe(true);
});
