/** Programs and APIs that want a new token with every call get ten a minute, and others none the fewer. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import { sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';
import { entraSource, SCOPE } from './entra-loopback.ts';

test('ENT-39: who forces a token for every call gets the kept one from the eleventh in a minute on, and is warned', async () => {
  const warnings: unknown[] = [];
  const hear = (event: unknown): void => void warnings.push((event as { warning: string }).warning);
  subscribe('client-credentials:token-source:warning', hear);
  onTestFinished(() => void unsubscribe('client-credentials:token-source:warning', hear));
  const loopback = await startLoopback(sendToken);
  const { source, clock } = sourceFor(loopback);
  const values: string[] = [];
  for (let call = 0; call < 13; call += 1) values.push((await source.getToken('a', { forceRefresh: true })).value);
  expect(values).toEqual([...Array.from({ length: 10 }, (_, index) => `token-${index}`), 'token-9', 'token-9', 'token-9']);
  expect(warnings).toEqual(['request_loop', 'request_loop', 'request_loop']);
  expect((await source.getToken('b', { forceRefresh: true })).value).toBe('token-10');
  clock.nowMs += 60_000;
  expect((await source.getToken('a', { forceRefresh: true })).value).toBe('token-11');
});

test('an API that refuses every token gets ten, and then the last one, which its caller knows already', async () => {
  const loopback = await startLoopback(sendToken);
  const { source } = sourceFor(loopback);
  let token = await source.getToken('a');
  for (let call = 0; call < 20; call += 1) token = await source.getToken('a', { rejectedToken: token });
  expect([token.value, loopback.received.length]).toEqual(['token-10', 11]);
});

test('an API whose challenge is another one each time ends as throttled, and locks nobody out', async () => {
  const loopback = await startLoopback(sendToken);
  const { source, clock } = entraSource(loopback);
  const challenge = (n: number): string => JSON.stringify({ access_token: { nbf: { value: String(n) } } });
  for (let call = 0; call < 10; call += 1) await source.getToken(SCOPE, { claims: challenge(call) });
  await expect(source.getToken(SCOPE, { claims: challenge(10) })).rejects.toMatchObject({
    code: 'throttled',
    transient: true,
    retryAtMs: clock.nowMs + 60_000,
  });
  expect((await source.getToken(SCOPE)).value).toBe('token-9');
  expect(loopback.received).toHaveLength(10);
});

test('a clock that was set back ends the wait', async () => {
  const loopback = await startLoopback(sendToken);
  const { source, clock } = sourceFor(loopback);
  for (let call = 0; call < 11; call += 1) await source.getToken('a', { forceRefresh: true });
  clock.nowMs -= 3_600_000;
  await source.getToken('a', { forceRefresh: true });
  expect(loopback.received).toHaveLength(11);
});
