/** What a 401 and a 403 lead to: at most one other token, with the claims that were demanded, and then a clear end. BR-06, BR-07, SU-01, ENT-54. */
import { describe, expect, test } from 'vitest';
import type { ApiCallerOptions, TokenDemand } from '../../src/index.ts';
import { type Api, callerOf, rejectionOf, sendJson, startApi } from '../support.ts';

const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
const INSUFFICIENT = `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(CLAIMS).toString('base64')}"`;

type Told = Omit<TokenDemand, 'deadlineAtMs'>;

/** A new token whenever another one is wanted, and what was wanted. */
function issuing(): { tokens: NonNullable<ApiCallerOptions['tokens']>; told: Told[] } {
  const told: Told[] = [];
  let count = 1;
  return {
    told,
    tokens: async (_scope: string, { deadlineAtMs: _deadlineAtMs, ...demand }: TokenDemand) => {
      told.push(demand);
      if (demand.rejectedToken !== undefined || demand.forceRefresh === true) count += 1;
      return `token-${count}`;
    },
  };
}

/** Takes one token, and refuses every other with this challenge. */
const taking = (token: string, challenge?: string, status = 401): Promise<Api> =>
  startApi((response, _index, { headers }) =>
    headers.authorization === `Bearer ${token}`
      ? sendJson(response, { ok: true })
      : sendJson(response, {}, status, challenge === undefined ? {} : { 'www-authenticate': challenge }),
  );

describe('BR-06, BR-07: another token is asked for once after a challenge', () => {
  test.for([
    ['that says the token is invalid', 'Bearer error="invalid_token"'],
    ['that says nothing', 'Bearer realm="api"'],
    [
      'of a vault, which names its authority',
      'Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net"',
    ],
  ])('%s', async ([, challenge]) => {
    const api = await taking('token-2', challenge);
    const { tokens, told } = issuing();
    expect(await callerOf(api, { tokens }).postJson('x', { a: 1 })).toEqual({ ok: true });
    expect(told).toEqual([{}, { rejectedToken: 'token-1' }]);
    expect(api.received.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
  });

  test('that is missing (HTTP-19)', async () => {
    const api = await taking('token-2');
    expect(await callerOf(api, { tokens: issuing().tokens }).getJson('x')).toEqual({ ok: true });
  });
});

describe('ENT-54: a claims challenge', () => {
  test('is met with a token that has the claims, as the API wrote them', async () => {
    const api = await taking('token-2', INSUFFICIENT);
    const { tokens, told } = issuing();
    expect(await callerOf(api, { tokens }).getJson('x')).toEqual({ ok: true });
    expect(told[1]).toEqual({ rejectedToken: 'token-1', claims: CLAIMS });
  });

  test('that comes again ends the call after two requests, with what the API says', async () => {
    const api = await taking('never', INSUFFICIENT);
    const { tokens, told } = issuing();
    expect(await rejectionOf(callerOf(api, { tokens }).getJson('x'))).toMatchObject({
      name: 'ApiResponseError',
      status: 401,
      message: expect.stringContaining('insufficient_claims'),
    });
    expect([api.received.length, told.length]).toEqual([2, 2]);
  });
});

test('KV-04: a vault that refuses with one challenge after the other gets two tokens at most, and no request without its body', async () => {
  const vault = 'Bearer authorization="https://login.microsoftonline.com/t", resource="https://vault.azure.net"';
  const api = await startApi((response, index) => sendJson(response, {}, 401, { 'www-authenticate': index === 0 ? vault : INSUFFICIENT }));
  expect(await rejectionOf(callerOf(api, { tokens: issuing().tokens }).putJson('secrets/a', { value: 'v' }))).toMatchObject({
    status: 401,
  });
  expect(api.received.map(({ body }) => body)).toEqual(['{"value":"v"}', '{"value":"v"}']);
});

describe('the refusal is final, and nobody is asked for another token', () => {
  test.for([
    ['SU-01: where a user would have to sign in again', 'Bearer error="insufficient_user_authentication", acr_values="mfa"'],
    ['where more of the same scope will not help', 'Bearer error="insufficient_scope", scope="users.write"'],
    ['where other credentials are wanted', 'Negotiate, Basic realm="x"'],
    ['where a nonce is wanted of a token that has no proof', 'DPoP error="use_dpop_nonce"'],
  ])('%s', async ([, challenge]) => {
    const api = await taking('never', challenge);
    const { tokens, told } = issuing();
    expect(await rejectionOf(callerOf(api, { tokens }).getJson('x'))).toMatchObject({ status: 401 });
    expect([api.received.length, told.length]).toEqual([1, 1]);
  });

  test('where the provider has no other one', async () => {
    const api = await taking('never');
    let asked = 0;
    const tokens = async () => {
      asked += 1;
      return 'token-1';
    };
    expect(await rejectionOf(callerOf(api, { tokens }).getJson('x'))).toMatchObject({ status: 401 });
    expect([api.received.length, asked]).toEqual([1, 2]);
  });
});

test('what the provider throws when another token is asked for is what the call fails with, and is not repeated', async () => {
  const api = await taking('never');
  let asked = 0;
  const tokens = async () => {
    asked += 1;
    if (asked > 1) throw new Error('the server is down');
    return 'token-1';
  };
  expect(await rejectionOf(callerOf(api, { tokens }).getJson('x'))).toMatchObject({ message: 'the server is down' });
  expect([api.received.length, asked]).toEqual([1, 2]);
});

describe('a 403', () => {
  const jwt = (n: number): string =>
    `e30.${Buffer.from(JSON.stringify({ roles: ['Users.Read', 'Orders.Write'], n })).toString('base64url')}.c2ln`;

  test('says which roles the token has, and brings no other token unasked', async () => {
    const api = await taking('never', undefined, 403);
    let asked = 0;
    const tokens = async () => jwt(++asked);
    expect(await rejectionOf(callerOf(api, { tokens }).getJson('x'))).toMatchObject({
      status: 403,
      tokenRoles: ['Users.Read', 'Orders.Write'],
      message: expect.stringContaining('which are Users.Read Orders.Write'),
    });
    expect([api.received.length, asked]).toEqual([1, 1]);
  });

  test('of an API whose tokens cannot be read says no roles', async () => {
    const api = await taking('never', undefined, 403);
    expect(await rejectionOf(callerOf(api).getJson('x'))).not.toHaveProperty('tokenRoles');
  });

  test('brings a newer token on request, which may have roles that were granted since', async () => {
    const api = await taking('token-2', undefined, 403);
    const { tokens, told } = issuing();
    expect(await callerOf(api, { tokens, retryForbidden: true }).getJson('x')).toEqual({ ok: true });
    expect(told).toEqual([{}, { forceRefresh: true }]);
  });

  test('brings one for each token, however many calls are refused', async () => {
    const api = await taking('never', undefined, 403);
    const { tokens, told } = issuing();
    const caller = callerOf(api, { tokens, retryForbidden: true });
    for (let call = 0; call < 5; call += 1) expect(await rejectionOf(caller.getJson('x'))).toMatchObject({ status: 403 });
    expect(told.filter(({ forceRefresh }) => forceRefresh === true)).toHaveLength(1);
    expect(api.received).toHaveLength(6);
  });
});
