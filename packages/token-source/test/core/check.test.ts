/** Health: what `check` finds out, how long it takes at most, and the warnings before a credential ends. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pair } from '../../../../test/support/certificates.ts';
import { certificate, secret, signer } from '../../src/index.ts';
import { sendJson, sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';

const DAY_MS = 24 * 3_600_000;
/** When the fixtures end. */
const END_MS = Date.parse('2119-01-01T00:00:00Z');

describe('check()', () => {
  test('signs without sending, and knows of no success before the first', async () => {
    const loopback = await startLoopback(sendToken);
    const { source, clock } = sourceFor(loopback, { credential: certificate({ pem: pair('rsa') }) });
    expect(await source.check()).toEqual({
      ok: true,
      canSign: true,
      credentialDaysLeft: expect.any(Number),
      clockOffsetMs: 0,
      problems: [],
    });
    expect(loopback.received).toEqual([]);
    await source.getToken('a');
    expect(await source.check()).toMatchObject({ ok: true, lastSuccessAtMs: clock.nowMs });
  });

  test('says what cannot sign', async () => {
    const loopback = await startLoopback(sendToken);
    const broken = signer({ algorithm: 'PS256', keyId: 'k', sign: () => Promise.reject(new Error('HSM is locked')) });
    const report = await sourceFor(loopback, { credential: broken }).source.check();
    expect(report).toMatchObject({ ok: false, canSign: false });
    expect(report.problems.join(' ')).toMatch(/cannot authenticate a request/);
  });

  test('ends in time when a function of the credential does not', async () => {
    const loopback = await startLoopback(sendToken);
    const { source } = sourceFor(loopback, { credential: secret(() => new Promise(() => {})), deadlineMs: 50 });
    const report = await source.check();
    expect(report).toMatchObject({ ok: false, canSign: false });
    expect(report.problems.join(' ')).toMatch(/no answer within 50 ms/);
  });

  test.for<[string, () => Promise<undefined>, boolean]>([
    ['answers', async () => undefined, true],
    ['fails', () => Promise.reject(new Error('down')), false],
    ['hangs', () => new Promise(() => {}), false],
  ])('asks a store only if it may use the network: one that %s', async ([, read, reachable]) => {
    const loopback = await startLoopback(sendToken);
    let asked = 0;
    const store = {
      read: (): Promise<undefined> => {
        asked += 1;
        return read();
      },
      write: async () => {},
      delete: async () => {},
    };
    const { source } = sourceFor(loopback, { cache: { store }, deadlineMs: 100 });
    expect(await source.check()).not.toHaveProperty('storeReachable');
    expect(asked).toBe(0);
    expect(await source.check({ network: true })).toMatchObject({ ok: reachable, storeReachable: reachable });
  });

  test('knows the clock’s offset once it was learnt', async () => {
    const offsetMs = 3_600_000;
    const loopback = await startLoopback((response, index, received) =>
      index === 0
        ? sendJson(response, { error: 'invalid_client' }, 401, { date: new Date(Date.UTC(2026, 11, 1) + offsetMs).toUTCString() })
        : sendToken(response, index, received),
    );
    const { source } = sourceFor(loopback, { credential: certificate({ pem: pair('rsa') }) });
    await source.getToken('a');
    expect(Math.abs((await source.check()).clockOffsetMs - offsetMs)).toBeLessThan(2000);
  });

  test('warns of a credential that ends in days, and that has ended', async () => {
    const loopback = await startLoopback(sendToken);
    const { source, clock } = sourceFor(loopback, { credential: certificate({ pem: pair('rsa') }) });
    clock.nowMs = END_MS - 3.5 * DAY_MS;
    expect(await source.check()).toMatchObject({ ok: false, canSign: true, credentialDaysLeft: 3 });
    clock.nowMs = END_MS + DAY_MS;
    expect(await source.check()).toMatchObject({ ok: false, canSign: false });
  });
});

describe('a certificate that ends is told of', () => {
  const listen = (): { credential: string; daysLeft: number }[] => {
    const told: { credential: string; daysLeft: number }[] = [];
    const hear = (event: unknown): void => {
      const { credential, daysLeft } = event as (typeof told)[number];
      told.push({ credential, daysLeft });
    };
    subscribe('client-credentials:token-source:credential-expiring', hear);
    onTestFinished(() => void unsubscribe('client-credentials:token-source:credential-expiring', hear));
    return told;
  };

  test('30, 14, 7 and 1 days before, once each', async () => {
    const told = listen();
    const loopback = await startLoopback(sendToken);
    const { source, clock } = sourceFor(loopback, { credential: certificate({ pem: pair('rsa') }) });
    for (const days of [31, 30, 29, 20, 14, 13, 8, 7, 2, 1, 0.5]) {
      clock.nowMs = END_MS - days * DAY_MS;
      await source.getToken('a', { forceRefresh: true });
      await source.getToken('b', { forceRefresh: true });
    }
    expect(told.map(({ daysLeft }) => daysLeft)).toEqual([30, 14, 7, 1]);
    expect(new Set(told.map(({ credential }) => credential))).toEqual(new Set(['certificate']));
  });

  test('and its successor in turn', async () => {
    const told = listen();
    const loopback = await startLoopback(sendToken);
    let pem = pair('rsa');
    const { source, clock } = sourceFor(loopback, { credential: certificate(() => ({ pem })) });
    clock.nowMs = END_MS - 10 * DAY_MS;
    await source.getToken('a', { forceRefresh: true });
    pem = pair('p256');
    await source.getToken('a', { forceRefresh: true });
    await source.getToken('a', { forceRefresh: true });
    expect(told).toHaveLength(2);
  });
});
