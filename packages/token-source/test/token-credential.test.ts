/** A token source as the `TokenCredential` of Azure's clients. */
import { type AccessToken, createAccessToken } from '@client-credentials/protocol';
import { expect, test } from 'vitest';
import { asTokenCredential, entra, type TokenSourceOptions } from '../src/index.ts';
import { type Loopback, sendJson, sendToken, startLoopback, tokenWith } from './loopback.ts';
import { sourceFor } from './source.ts';

const VAULT = 'https://vault.azure.net/.default';

test('a token has the value, its expiry in epoch milliseconds and its type, and goes out for one scope or a list of them', async () => {
  const loopback = await startLoopback(sendToken);
  const { source, clock } = sourceFor(loopback);
  const credential = asTokenCredential(source);
  const expected = { token: 'token-0', expiresOnTimestamp: clock.nowMs + 3_600_000, tokenType: 'Bearer' };
  expect(await credential.getToken('a b')).toEqual(expected);
  expect(await credential.getToken(['b', 'a'])).toEqual(expected);
  expect(loopback.received).toHaveLength(1);
});

test('a token says from when on the server wants it renewed', async () => {
  const loopback = await startLoopback(tokenWith({ expires_in: 7200, refresh_in: 3600 }));
  const { source, clock } = sourceFor(loopback);
  expect(await asTokenCredential(source).getToken('a')).toEqual({
    token: 'token-0',
    expiresOnTimestamp: clock.nowMs + 7_200_000,
    refreshAfterTimestamp: clock.nowMs + 3_600_000,
    tokenType: 'Bearer',
  });
});

test('the tenant that a challenge names is asked, with the capability to meet claims challenges', async () => {
  const loopback = await startLoopback(sendToken);
  const credential = entraCredential(loopback, { tenants: ['fabrikam.com'] });
  await credential.getToken([VAULT], { tenantId: 'fabrikam.com', enableCae: true });
  expect(loopback.received[0]?.path).toBe('/fabrikam.com/oauth2/v2.0/token');
  expect(JSON.parse(loopback.received[0]?.form.get('claims') ?? '')).toEqual({ access_token: { xms_cc: { values: ['cp1'] } } });
});

test('a tenant that the source may not ask is refused', async () => {
  const loopback = await startLoopback(sendToken);
  const asked = entraCredential(loopback, {}).getToken([VAULT], { tenantId: 'fabrikam.com' });
  await expect(asked).rejects.toMatchObject({ code: 'tenant_not_allowed' });
  expect(loopback.received).toEqual([]);
});

test('the claims of a challenge bring a new token, which is kept in place of the old one', async () => {
  const loopback = await startLoopback(sendToken);
  const credential = entraCredential(loopback, {});
  await credential.getToken([VAULT], { enableCae: true });
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
  expect(await credential.getToken([VAULT], { claims, enableCae: true })).toMatchObject({ token: 'token-1' });
  expect(JSON.parse(loopback.received[1]?.form.get('claims') ?? '')).toMatchObject({ access_token: { nbf: { value: '1' } } });
  expect(await credential.getToken([VAULT], { enableCae: true })).toMatchObject({ token: 'token-1' });
});

test('a token bound to a DPoP key is refused, since an Azure client cannot show the key', async () => {
  const loopback = await startLoopback(tokenWith({ token_type: 'DPoP' }));
  const credential = asTokenCredential(sourceFor(loopback, { dpop: true }).source);
  await expect(credential.getToken('a')).rejects.toMatchObject({
    name: 'TokenSourceError',
    code: 'invalid_configuration',
    message: 'The token is bound to a key (DPoP), which an Azure client cannot show; give it a source whose tokens are not bound',
  });
});

test.each([
  ['one bound to a certificate, though it is called Bearer', { tokenType: 'Bearer', binding: { thumbprint: 'x' } }],
  ['one of another type, whatever it is bound to', { tokenType: 'mtls_pop' }],
] as const)('so is %s', async (_, properties) => {
  const bound = createAccessToken('marker-token', { receivedAtMs: 0, expiresAtMs: 1, scopes: [], narrowed: false, ...properties });
  const error: unknown = await asTokenCredential({ getToken: async () => bound })
    .getToken('a')
    .catch((refused: unknown) => refused);
  expect(error).toMatchObject({ code: 'invalid_configuration' });
  expect(String(error)).not.toContain('marker');
});

test('a signal of Azure’s own kind ends the call with an AbortError, and is left without a listener', async () => {
  const loopback = await startLoopback(() => {});
  const signal = new SignalLike();
  const call = asTokenCredential(sourceFor(loopback).source).getToken('a', { abortSignal: signal });
  signal.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  expect(signal.listeners.size).toBe(0);
});

test('one that has aborted before costs no request', async () => {
  const loopback = await startLoopback(sendToken);
  const signal = new SignalLike();
  signal.abort();
  const call = asTokenCredential(sourceFor(loopback).source).getToken('a', { abortSignal: signal });
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  expect(loopback.received).toEqual([]);
  expect(signal.listeners.size).toBe(0);
});

test('one that never aborts is left without a listener, after a token and after a failure', async () => {
  const loopback = await startLoopback((response, index, received) =>
    index === 0 ? sendToken(response, index, received) : sendJson(response, { error: 'invalid_client' }, 401),
  );
  const credential = asTokenCredential(sourceFor(loopback).source);
  const signal = new SignalLike();
  await credential.getToken('a', { abortSignal: signal });
  await expect(credential.getToken('b', { abortSignal: signal })).rejects.toMatchObject({ error: 'invalid_client' });
  expect([signal.added, signal.listeners.size]).toEqual([2, 0]);
});

test('an AbortSignal ends the call with its own reason', async () => {
  const loopback = await startLoopback(() => {});
  const controller = new AbortController();
  const call = asTokenCredential(sourceFor(loopback).source).getToken('a', { abortSignal: controller.signal });
  const reason = new Error('shutting down');
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
});

test('what the source is asked for is what was asked', async () => {
  const asked: unknown[] = [];
  const token = createAccessToken('t', { tokenType: 'Bearer', receivedAtMs: 0, expiresAtMs: 1, scopes: [], narrowed: false });
  const getToken = async (...parameters: unknown[]): Promise<AccessToken> => {
    asked.push(parameters);
    return token;
  };
  const credential = asTokenCredential({ getToken });
  const { signal } = new AbortController();
  await credential.getToken(['s'], { abortSignal: signal, claims: 'c', enableCae: true, tenantId: 't' });
  await credential.getToken('s');
  expect(asked).toEqual([
    [['s'], { signal, claims: 'c', cae: true, tenant: 't' }],
    ['s', { signal: undefined, claims: undefined, cae: undefined, tenant: undefined }],
  ]);
});

function entraCredential(loopback: Loopback, options: Partial<TokenSourceOptions>) {
  const authority = entra({ tenant: 'contoso.com', authorityHost: loopback.origin, allowHttpLoopback: true });
  return asTokenCredential(sourceFor(loopback, { authority, ...options }).source);
}

/** What Azure's clients may bring: no `AbortSignal`, and no `EventTarget`. */
class SignalLike {
  aborted = false;
  added = 0;
  readonly listeners = new Set<() => void>();

  addEventListener(_: 'abort', listener: () => void): void {
    this.added += 1;
    this.listeners.add(listener);
  }
  removeEventListener(_: 'abort', listener: () => void): void {
    this.listeners.delete(listener);
  }
  abort(): void {
    this.aborted = true;
    for (const listener of this.listeners) listener();
  }
}
