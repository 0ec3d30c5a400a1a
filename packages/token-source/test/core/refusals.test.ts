/** What is remembered of a refusal, for how long, and against whom; throttles; clocks that are off; credentials that are replaced. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pair } from '../../../../test/support/certificates.ts';
import { certificate, firstUsable, secret } from '../../src/index.ts';
import { type Answer, sendJson, sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';

const refuse =
  (error: string, status = 400): Answer =>
  (response) =>
    sendJson(response, { error }, status);

describe('a refusal in the protocol’s words', () => {
  test.each(['invalid_client', 'unauthorized_client', 'invalid_scope', 'invalid_request'])(
    '%s is not asked for again for a minute',
    async (error) => {
      const loopback = await startLoopback(refuse(error));
      const { source, clock } = sourceFor(loopback);
      await expect(source.getToken('a')).rejects.toMatchObject({ error });
      await expect(source.getToken('a')).rejects.toMatchObject({
        code: 'refused_recently',
        retryAtMs: clock.nowMs + 60_000,
        cause: { error },
      });
      expect(loopback.received).toHaveLength(1);
      clock.nowMs += 60_001;
      await expect(source.getToken('a')).rejects.toMatchObject({ error });
    },
  );

  test('is passed over by force, by another scope, and when the clock was set back', async () => {
    const loopback = await startLoopback(refuse('invalid_scope'));
    const { source, clock } = sourceFor(loopback);
    await expect(source.getToken('a')).rejects.toMatchObject({ error: 'invalid_scope' });
    await expect(source.getToken('a', { forceRefresh: true })).rejects.toMatchObject({ error: 'invalid_scope' });
    await expect(source.getToken('b')).rejects.toMatchObject({ error: 'invalid_scope' });
    clock.nowMs -= 3_600_000;
    await expect(source.getToken('a')).rejects.toMatchObject({ error: 'invalid_scope' });
    expect(loopback.received).toHaveLength(4);
  });

  test('holds for the credential that was refused, and not for its successor', async () => {
    let present = 'old';
    const loopback = await startLoopback((response, index, received) =>
      Buffer.from(received.headers.authorization?.slice(6) ?? '', 'base64').toString() === 'me:new'
        ? sendToken(response, index, received)
        : sendJson(response, { error: 'invalid_client' }, 401),
    );
    const { source } = sourceFor(loopback, { credential: secret(() => present) });
    await expect(source.getToken('a')).rejects.toMatchObject({ error: 'invalid_client' });
    present = 'new';
    expect((await source.getToken('a')).value).toBe('token-1');
  });
});

test.each<[string, Answer]>([
  ['an error in other words', refuse('access_denied', 403)],
  ['a proxy’s page', (response) => void response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Forbidden</h1>')],
  ['an empty 401', (response) => void response.writeHead(401).end()],
])('%s is held against nobody', async (_, answer) => {
  const loopback = await startLoopback(answer);
  const { source } = sourceFor(loopback);
  for (let call = 0; call < 2; call += 1) await expect(source.getToken('a')).rejects.not.toMatchObject({ code: 'refused_recently' });
  expect(loopback.received).toHaveLength(2);
});

describe('ENT-39: a throttle', () => {
  const throttleFirst =
    (seconds: number): Answer =>
    (response, index, received) =>
      index === 0
        ? sendJson(response, { error: 'temporarily_unavailable' }, 429, { 'retry-after': `${seconds}` })
        : sendToken(response, index, received);

  test('holds for whatever else is asked of the server, and its end is named', async () => {
    const loopback = await startLoopback(throttleFirst(600));
    const { source, clock } = sourceFor(loopback);
    const retryAtMs = clock.nowMs + 600_000;
    const heard: unknown[] = [];
    const listener = (event: unknown): void => void heard.push(event);
    subscribe('client-credentials:token-source:throttled', listener);
    onTestFinished(() => void unsubscribe('client-credentials:token-source:throttled', listener));
    await expect(source.getToken('a')).rejects.toMatchObject({ code: 'throttled', retryAtMs });
    await expect(source.getToken('b')).rejects.toMatchObject({ code: 'throttled', retryAtMs, attempts: 0 });
    expect([loopback.received.length, heard]).toEqual([1, [{ source: 'token-source', retryAtMs }]]);
    clock.nowMs = retryAtMs;
    await source.getToken('b');
  });

  test('that ends in time is waited for', async () => {
    const loopback = await startLoopback(throttleFirst(2));
    const { source, pauses } = sourceFor(loopback, { maxAttempts: 1 });
    await expect(source.getToken('a')).rejects.toMatchObject({ status: 429 });
    await source.getToken('b');
    expect(pauses).toEqual([2_000]);
  });
});

describe('ENT-18: an assertion that is refused while the clocks differ', () => {
  const refusing =
    (date: string, more: Record<string, string> = {}): Answer =>
    (response, index, received) =>
      index === 0 ? sendJson(response, { error: 'invalid_client' }, 401, { date, ...more }) : sendToken(response, index, received);
  const issuedAt = ({ form }: { form: URLSearchParams }): number =>
    JSON.parse(Buffer.from(form.get('client_assertion')?.split('.')[1] ?? '', 'base64url').toString()).iat;

  test('is made once more, dated by the server', async () => {
    const loopback = await startLoopback(refusing(new Date(Date.UTC(2026, 11, 1) + 600_000).toUTCString()));
    const { source } = sourceFor(loopback, { credential: certificate({ pem: pair('rsa') }) });
    await source.getToken('a');
    const [first, second] = loopback.received.map(issuedAt);
    expect((second ?? 0) - (first ?? 0)).toBe(600);
    expect((await source.check()).clockOffsetMs).toBeGreaterThan(599_000);
  });

  test.each<[string, Answer]>([
    ['by less than a minute', refusing(new Date(Date.UTC(2026, 11, 1) + 50_000).toUTCString())],
    ['as a cache says', refusing(new Date(Date.UTC(2026, 11, 1) + 600_000).toUTCString(), { age: '600' })],
    ['by more than a day', refusing(new Date(Date.UTC(2026, 11, 3)).toUTCString())],
  ])('%s is not', async (_, answer) => {
    const loopback = await startLoopback(answer);
    const { source } = sourceFor(loopback, { credential: certificate({ pem: pair('rsa') }) });
    await expect(source.getToken('a')).rejects.toMatchObject({ error: 'invalid_client' });
    expect(loopback.received).toHaveLength(1);
  });
});

describe('firstUsable', () => {
  const only =
    (accepted: string): Answer =>
    (response, index, received) =>
      Buffer.from(received.headers.authorization?.slice(6) ?? '', 'base64').toString() === `me:${accepted}`
        ? sendToken(response, index, received)
        : sendJson(response, { error: 'invalid_client' }, 401);

  test('goes on to the next credential at once, and first to that one from then on', async () => {
    const loopback = await startLoopback(only('good'));
    const { source } = sourceFor(loopback, { credential: firstUsable([secret('revoked'), secret('good')]), maxAttempts: 1 });
    await source.getToken('a');
    await source.getToken('b');
    expect(loopback.received).toHaveLength(3);
  });

  test('passes over what cannot be had, and fails with all reasons when nothing can', async () => {
    const loopback = await startLoopback(only('good'));
    const absent = secret(() => Promise.reject(new Error('vault down')));
    await sourceFor(loopback, { credential: firstUsable([absent, secret('good')]) }).source.getToken('a');
    const { source } = sourceFor(loopback, { credential: firstUsable([absent, absent]) });
    await expect(source.getToken('a')).rejects.toMatchObject({ code: 'credential_unavailable', cause: { errors: [{}, {}] } });
  });

  test('asks once with each when all are refused, and not again for a while', async () => {
    const loopback = await startLoopback(only('none'));
    const { source } = sourceFor(loopback, { credential: firstUsable([secret('one'), secret('two')]) });
    await expect(source.getToken('a')).rejects.toMatchObject({ error: 'invalid_client' });
    await expect(source.getToken('a')).rejects.toMatchObject({ code: 'refused_recently' });
    expect(loopback.received).toHaveLength(2);
  });
});
