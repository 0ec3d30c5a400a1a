/** What meets a challenge while others ask for the plain token: nobody waits for anybody else's request, and the newer token stays. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sendJson, sendToken, startLoopback } from '../loopback.ts';
import { entraSource, SCOPE } from './entra-loopback.ts';

const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';

test('the answer to a challenge is not waited for behind a request that was made without it, and is what stays', async () => {
  let release = (): void => {};
  const loopback = await startLoopback((...asked) => {
    if (asked[2].form.has('claims')) sendToken(...asked);
    else release = () => sendToken(...asked);
  });
  const { source } = entraSource(loopback);
  const plain = source.getToken(SCOPE);
  await vi.waitFor(() => expect(loopback.received).toHaveLength(1));
  expect((await source.getToken(SCOPE, { claims: CLAIMS })).value).toBe('token-1');
  release();
  expect((await plain).value).toBe('token-0');
  expect((await source.getToken(SCOPE)).value).toBe('token-1');
});

test('a store that is slow to remove the old token brings it back to nobody', async () => {
  const bytes = new Map<string, Uint8Array>();
  let removed = (): void => {};
  const removal = new Promise<void>((resolve) => {
    removed = resolve;
  });
  const store = {
    read: async (name: string) => bytes.get(name),
    write: async (name: string, entry: { bytes: Uint8Array }) => void bytes.set(name, entry.bytes),
    delete: async (name: string) => {
      await removal;
      bytes.delete(name);
    },
  };
  const loopback = await startLoopback(sendToken);
  const { source } = entraSource(loopback, { cache: { store } });
  await source.getToken(SCOPE);
  const challenged = await source.getToken(SCOPE, { claims: CLAIMS });
  const during = source.getToken(SCOPE);
  await pause(0);
  removed();
  expect([challenged.value, (await during).value, (await source.getToken(SCOPE)).value]).toEqual(['token-1', 'token-1', 'token-1']);
});

test('claims that are deeply nested are refused or sent, and break nothing', async () => {
  const loopback = await startLoopback(sendToken);
  const claims = `{"a":${'['.repeat(8000)}${']'.repeat(8000)}}`;
  const outcome = await entraSource(loopback)
    .source.getToken(SCOPE, { claims })
    .catch((error: unknown) => error);
  expect(outcome).not.toBeInstanceOf(RangeError);
});

test('ENT-33: an extended token is the newest there was, and none is given to who forces a new one', async () => {
  const loopback = await startLoopback((response, index) =>
    index < 2
      ? sendJson(response, { access_token: `token-${index}`, token_type: 'Bearer', expires_in: 3600, ext_expires_in: 7200 })
      : sendJson(response, {}, 503),
  );
  const { source, clock } = entraSource(loopback, { extendedLifetime: true });
  await source.getToken(SCOPE);
  await source.getToken(SCOPE, { claims: CLAIMS });
  await expect(source.getToken(SCOPE, { forceRefresh: true })).rejects.toMatchObject({ status: 503 });
  clock.nowMs += 4_000_000;
  expect((await source.getToken(SCOPE)).value).toBe('token-1');
});

test('of calls that share a request each is told that its token came from the server', async () => {
  let release = (): void => {};
  const loopback = await startLoopback((...asked) => {
    release = () => sendToken(...asked);
  });
  const { source, clock } = entraSource(loopback);
  const told: unknown[] = [];
  const hear = (event: unknown): void => void told.push((event as { from: string }).from);
  subscribe('client-credentials:token-source:token', hear);
  onTestFinished(() => void unsubscribe('client-credentials:token-source:token', hear));
  const first = source.getToken(SCOPE);
  await vi.waitFor(() => expect(loopback.received).toHaveLength(1));
  clock.nowMs += 10;
  const second = source.getToken(SCOPE);
  release();
  await Promise.all([first, second]);
  expect(told).toEqual(['server', 'server']);
});

test('the empty name is no tenant, also where a token is kept', async () => {
  const loopback = await startLoopback(sendToken);
  const { source } = entraSource(loopback);
  await source.getToken(SCOPE);
  await expect(source.getToken(SCOPE, { tenant: '' })).rejects.toMatchObject({ code: 'invalid_tenant' });
});
