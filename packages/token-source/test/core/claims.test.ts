/** Claims that an API demands, and claims of the caller's own. */
import { describe, expect, test } from 'vitest';
import { sendToken, startLoopback } from '../loopback.ts';
import { entraSource, SCOPE } from './entra-loopback.ts';

const CHALLENGE = '{ "access_token": { "nbf": { "essential": true, "value": "1" } } }';

describe('ENT-52: the claims of a challenge', () => {
  test('bring one new token to all who met it, in place of the one that was', async () => {
    const loopback = await startLoopback(sendToken);
    const { source } = entraSource(loopback);
    const old = await source.getToken(SCOPE);
    const tokens = await Promise.all(Array.from({ length: 100 }, () => source.getToken(SCOPE, { claims: CHALLENGE, rejectedToken: old })));
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(['token-1']));
    expect(JSON.parse(loopback.received[1]?.form.get('claims') ?? '')).toEqual(JSON.parse(CHALLENGE));
    expect((await source.getToken(SCOPE)).value).toBe('token-1');
  });

  test('bring the same token for 30 s, and then another one', async () => {
    const loopback = await startLoopback(sendToken);
    const { source, clock } = entraSource(loopback);
    await source.getToken(SCOPE, { claims: CHALLENGE });
    clock.nowMs += 29_000;
    expect((await source.getToken(SCOPE, { claims: CHALLENGE })).value).toBe('token-0');
    clock.nowMs += 2_000;
    expect((await source.getToken(SCOPE, { claims: CHALLENGE })).value).toBe('token-1');
  });

  test('when they are refused, cost nobody the token that is kept, and are held against nobody', async () => {
    const { sendJson } = await import('../loopback.ts');
    const loopback = await startLoopback((response, index, received) =>
      received.form.has('claims') ? sendJson(response, { error: 'invalid_request' }, 400) : sendToken(response, index, received),
    );
    const { source } = entraSource(loopback);
    const kept = await source.getToken(SCOPE);
    await expect(source.getToken(SCOPE, { claims: CHALLENGE })).rejects.toMatchObject({ error: 'invalid_request' });
    expect(await source.getToken(SCOPE)).toBe(kept);
    expect((await source.getToken(SCOPE, { forceRefresh: true })).value).toBe('token-2');
  });

  test.each(['', '[]', '{', `{"a":"${'x'.repeat(16 * 1024)}"}`])(
    'that are none, or too many, are refused before anything is sent (%#)',
    async (claims) => {
      const loopback = await startLoopback(sendToken);
      await expect(entraSource(loopback).source.getToken(SCOPE, { claims })).rejects.toMatchObject({ code: 'invalid_parameter' });
      expect(loopback.received).toEqual([]);
    },
  );
});

test('ENT-50, ENT-60: a promise to meet challenges, and claims of the caller’s own, keep tokens apart', async () => {
  const loopback = await startLoopback(sendToken);
  const { source } = entraSource(loopback);
  const callerClaims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  for (let round = 0; round < 2; round += 1) {
    await source.getToken(SCOPE);
    await source.getToken(SCOPE, { cae: true });
    await source.getToken(SCOPE, { callerClaims });
    await source.getToken(SCOPE, { callerClaims: ` ${callerClaims} ` });
  }
  const claims = loopback.received.map(({ form }) => form.get('claims'));
  expect(claims).toEqual([null, expect.stringContaining('cp1'), callerClaims]);
});
