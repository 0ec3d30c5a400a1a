import type { JsonWebKey } from 'node:crypto';
import { inspect } from 'node:util';
import { EmbeddedJWK, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { createDpopBinding } from '../src/dpop/binding.ts';
import { decodeToken } from '../src/jws/compact.ts';
import type { AccessToken } from '../src/token-response/access-token.ts';
import { readTokenResponse } from '../src/token-response/token-response.ts';
import { nowMs, p256, server, verifyOptions } from './sample-proof.ts';
import { thrown } from './thrown.ts';

test('DP-05, DP-10, DP-13: a token carries its key on, and makes a new proof with its own hash for every request', async () => {
  let clockMs = nowMs;
  let token: AccessToken | undefined;
  const binding = createDpopBinding({ ...p256, now: () => clockMs, accessToken: () => token?.value ?? '' });
  const response = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"access_token":"Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU","token_type":"DPoP","expires_in":2677}',
  };
  token = readTokenResponse(response, { server, requestedAtMs: nowMs, tokenType: 'dpop', binding });
  expect(token.tokenType).toBe('DPoP');
  expect(token.binding?.thumbprint).toHaveLength(43);

  const first = (await token.binding?.proof?.({ method: 'GET', url: 'https://api.example/a?b' })) ?? '';
  clockMs += 1000;
  const second = (await token.binding?.proof?.({ method: 'GET', url: 'https://api.example/a?b', nonce: 'n' })) ?? '';
  const { payload } = await jwtVerify(first, EmbeddedJWK, verifyOptions);
  const claims = { htm: 'GET', htu: 'https://api.example/a', ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo' };
  expect(payload).toEqual({ ...claims, iat: 1_562_262_616, jti: expect.any(String) });
  expect(decodeToken(second).claims).toEqual({ ...claims, iat: 1_562_262_617, nonce: 'n', jti: expect.any(String) });
  expect(decodeToken(second).claims['jti']).not.toBe(payload.jti);
});

test('DP-02, DP-12: a binding knows at once that its key will not do, and takes ids from outside', async () => {
  const common = { ...p256, now: () => nowMs, accessToken: () => 't' };
  expect(thrown(() => createDpopBinding({ ...common, algorithms: ['PS256'] }))).toMatchObject({ code: 'unsupported_algorithm' });
  const proof = await createDpopBinding({ ...common, uniqueId: () => 'mine' }).proof?.({ method: 'GET', url: 'https://api.example/' });
  expect(decodeToken(proof ?? '').claims['jti']).toBe('mine');
});

test.each([
  ['now', { now: nowMs }],
  ['accessToken', { accessToken: 'marker' }],
])('DP-05: a binding wants a function for %s, and does not repeat what it got', (name, wrong) => {
  const options = { ...p256, now: () => nowMs, accessToken: () => 't', ...wrong } as unknown;
  expect(thrown(() => createDpopBinding(options as Parameters<typeof createDpopBinding>[0]))).toMatchObject({
    code: 'invalid_parameter',
    message: expect.stringMatching(new RegExp(`^${name} is of type \\w+; give a function$`)),
  });
});

test('SEC-08, DP-02: neither key nor token shows in a print of the binding', () => {
  const binding = createDpopBinding({ ...p256, now: () => nowMs, accessToken: () => 'marker' });
  const { d } = p256.publicKey as JsonWebKey;
  const printed = inspect(binding, { depth: 9, showHidden: true }) + JSON.stringify(binding);
  expect(printed).not.toContain('marker');
  expect(printed).not.toContain(d);
});
