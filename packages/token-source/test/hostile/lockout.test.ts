/** Answers by which somebody else could keep a source from tokens that it may have: none is held against it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import type { Store } from '@client-credentials/token-cache';
import { fileStore } from '@client-credentials/token-cache/file';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Credential, createTokenSource, entra, secret, type TokenSource, type TokenSourceOptions } from '../../src/index.ts';

let mock: MockTokenEndpoint;
beforeAll(async () => {
  mock = await startMockTokenEndpoint();
});
afterEach(() => mock.reset());
afterAll(() => mock.close());

function open(options: Partial<TokenSourceOptions> = {}): TokenSource {
  const source = createTokenSource({
    authority: entra({ tenant: mock.tenantId, authorityHost: mock.authorityHost }),
    clientId: mock.clientId,
    credential: secret(mock.clientSecret),
    ca: mock.ca,
    sleep: async () => {},
    ...options,
  });
  onTestFinished(() => source.close());
  return source;
}

/** The claims of a challenge, such as any API may send; each other ones. */
const challenge = (value: number | string): string => JSON.stringify({ access_token: { nbf: { essential: true, value: `${value}` } } });

describe('the claims challenge of a hostile API', () => {
  test.each(['invalid_request', 'invalid_client', 'unauthorized_client', 'invalid_scope', 'interaction_required'])(
    'that the server refuses with %s costs nobody a token',
    async (error) => {
      const source = open();
      const kept = await source.getToken(mock.scope);
      mock.enqueue({ status: 400, body: { error } });
      await expect(source.getToken(mock.scope, { claims: challenge(1), rejectedToken: kept })).rejects.toMatchObject({ error });
      expect(await source.getToken(mock.scope)).toBe(kept);
      // Neither are further claims held back, nor a token that is asked for with none.
      await source.getToken(mock.scope, { claims: challenge(2) });
      await source.getToken(mock.scope, { forceRefresh: true });
      expect(mock.journal.map(({ status }) => status)).toEqual([200, 400, 200, 200]);
    },
  );

  test('that is refused before there is a token leaves the first call its request', async () => {
    const source = open();
    mock.enqueue({ status: 401, body: { error: 'invalid_client' } });
    await expect(source.getToken(mock.scope, { claims: challenge(1) })).rejects.toMatchObject({ error: 'invalid_client' });
    await source.getToken(mock.scope);
  });

  test('is answered although a refusal of what is asked without claims is remembered', async () => {
    const source = open();
    mock.enqueue({ status: 400, body: { error: 'invalid_scope' } });
    await expect(source.getToken(mock.scope)).rejects.toMatchObject({ error: 'invalid_scope' });
    await expect(source.getToken(mock.scope)).rejects.toMatchObject({ code: 'refused_recently' });
    await source.getToken(mock.scope, { claims: challenge(1) });
    await source.getToken(mock.scope);
  });

  test('that never gets its answer is waited for by nobody else', async () => {
    const source = open({ attemptTimeoutMs: 60_000, deadlineMs: 60_000 });
    const leaving = new AbortController();
    mock.enqueue({ fault: 'no-answer' });
    const challenged = source.getToken(mock.scope, { claims: challenge(1), signal: leaving.signal });
    const left = expect(challenged).rejects.toThrowError('left');
    await expect.poll(() => mock.journal.length).toBe(1);
    await source.getToken(mock.scope);
    await source.getToken(mock.scope, { claims: challenge(2) });
    leaving.abort(new Error('left'));
    await left;
  });

  test('that is another one each time leaves other callers the kept token, and other scopes theirs', async () => {
    const source = open();
    const kept = await source.getToken(mock.scope);
    const release = mock.addRule({ answer: { status: 400, body: { error: 'invalid_request' } } });
    const ask = (index: number) => source.getToken(mock.scope, { claims: challenge(index) });
    const refused = await Promise.allSettled(Array.from({ length: 150 }, (_, index) => ask(index)));
    expect(refused.every((outcome) => outcome.status === 'rejected')).toBe(true);
    expect(await source.getToken(mock.scope)).toBe(kept);
    release();
    await open().getToken(mock.scope);
  });
});

describe('the page of a proxy', () => {
  test.each([
    ['a 403 in HTML', { status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>Forbidden</h1>' }],
    ['a 401 in HTML', { status: 401, headers: { 'content-type': 'text/html' }, body: '<h1>Log in</h1>' }],
    ['a 400 that calls itself JSON', { status: 400, headers: { 'content-type': 'application/json' }, body: '<h1>Bad</h1>' }],
    ['a 200 that is a log-in page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<form>' }],
    ['an empty 403 that asks for a day’s pause', { status: 403, headers: { 'retry-after': '86400' }, body: '' }],
  ])('%s costs no token that is kept, and the next call asks again', async (_, answer) => {
    const source = open({ maxAttempts: 1 });
    const kept = await source.getToken(mock.scope);
    mock.enqueue(answer);
    mock.enqueue(answer);
    await expect(source.getToken(mock.scope, { forceRefresh: true })).rejects.toMatchObject({ code: 'invalid_response' });
    await expect(open({ maxAttempts: 1 }).getToken(mock.scope)).rejects.toMatchObject({ code: 'invalid_response' });
    expect(await source.getToken(mock.scope)).toBe(kept);
    await source.getToken(mock.scope, { forceRefresh: true });
    expect(mock.journal).toHaveLength(4);
  });

  test('costs no token in its last minute either', async () => {
    let aheadMs = 0;
    const source = open({ maxAttempts: 1, now: () => Date.now() + aheadMs });
    const kept = await source.getToken(mock.scope);
    aheadMs = kept.expiresAtMs - Date.now() - 30_000;
    mock.enqueue({ status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>Forbidden</h1>' });
    expect(await source.getToken(mock.scope)).toBe(kept);
    expect(mock.journal.map(({ status }) => status)).toEqual([200, 403]);
  });

  test('is held against no first call either', async () => {
    const source = open({ maxAttempts: 1 });
    mock.enqueue({ status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>Forbidden</h1>' });
    await expect(source.getToken(mock.scope)).rejects.toMatchObject({ code: 'invalid_response', status: 403 });
    await source.getToken(mock.scope);
  });
});

describe('another instance with a bad secret, over the same store', () => {
  function openStore(): () => Store {
    const directory = mkdtempSync(join(tmpdir(), 'lockout-'));
    onTestFinished(() => rmSync(directory, { recursive: true, maxRetries: 3 }));
    return () => fileStore({ directory });
  }
  const refused = { error: 'invalid_client', status: 401 };
  const instance = (store: () => Store, credential: Credential): TokenSource => open({ credential, cache: { store: store() } });

  test('is refused by itself: a good one that comes later asks, and gets a token', async () => {
    const store = openStore();
    await expect(instance(store, secret('wrong')).getToken(mock.scope)).rejects.toMatchObject(refused);
    await instance(store, secret(mock.clientSecret)).getToken(mock.scope);
    expect(mock.journal.map(({ status }) => status)).toEqual([401, 200]);
  });

  test('at the same time is refused by itself too', async () => {
    const store = openStore();
    const bad = Array.from({ length: 5 }, () => instance(store, secret('wrong')).getToken(mock.scope));
    const good = Array.from({ length: 5 }, () => instance(store, secret(mock.clientSecret)).getToken(mock.scope));
    const outcomes = await Promise.allSettled([...good, ...bad]);
    expect(outcomes.slice(0, good.length).filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  test('takes nothing from the store by being refused', async () => {
    const store = openStore();
    const { value } = await instance(store, secret(mock.clientSecret)).getToken(mock.scope);
    const bad = instance(store, secret('wrong'));
    await expect.poll(async () => (await bad.getToken(mock.scope).catch(() => undefined))?.value).toBe(value);
    await expect(bad.getToken(mock.scope, { forceRefresh: true })).rejects.toMatchObject(refused);
    mock.reset();
    expect((await instance(store, secret(mock.clientSecret)).getToken(mock.scope)).value).toBe(value);
    expect(mock.journal).toEqual([]);
  });
});
