/** Refusals that another attempt would not mend cost one request, and what is due to time is waited out only on request. */
import { describe, expect, test } from 'vitest';
import { pair } from '../../../../test/support/certificates.ts';
import { certificate, federatedToken } from '../../src/index.ts';
import { type Answer, sendJson, sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';
import { entraSource, SCOPE } from './entra-loopback.ts';

const NOW_MS = Date.UTC(2026, 11, 1);
const refuse =
  (error: string, status = 400, headers: Record<string, string> = {}): Answer =>
  (response) =>
    sendJson(response, { error }, status, headers);

test('a proxy’s page with 403 locks nobody out, whatever it says of later', async () => {
  const loopback = await startLoopback(
    (response) => void response.writeHead(403, { 'content-type': 'text/html', 'retry-after': '3600' }).end('<h1>Forbidden</h1>'),
  );
  const { source } = sourceFor(loopback);
  for (const _time of [1, 2]) await expect(source.getToken('a')).rejects.toMatchObject({ status: 403 });
  expect(loopback.received).toHaveLength(2);
});

test('a secret is not sent again for a clock that is off, since it has no date', async () => {
  const loopback = await startLoopback(refuse('invalid_client', 401, { date: new Date(NOW_MS + 600_000).toUTCString() }));
  await expect(sourceFor(loopback).source.getToken('a')).rejects.toMatchObject({ error: 'invalid_client' });
  expect(loopback.received).toHaveLength(1);
});

test('an assertion is dated anew once, however far the server’s clock runs away', async () => {
  const loopback = await startLoopback((response, index) =>
    sendJson(response, { error: 'invalid_client' }, 401, { date: new Date(NOW_MS + (index + 1) * 600_000).toUTCString() }),
  );
  const { source } = sourceFor(loopback, { credential: certificate({ pem: pair('rsa') }) });
  await expect(source.getToken('a')).rejects.toMatchObject({ error: 'invalid_client' });
  expect(loopback.received).toHaveLength(2);
});

test('a nonce is not sent by who has no proof to put it into', async () => {
  const loopback = await startLoopback(refuse('use_dpop_nonce', 400, { 'dpop-nonce': 'n' }));
  await expect(sourceFor(loopback).source.getToken('a')).rejects.toMatchObject({ error: 'use_dpop_nonce' });
  expect(loopback.received).toHaveLength(1);
});

test('who forces a request that others already wait for, and that is refused, hears the refusal itself', async () => {
  const loopback = await startLoopback(refuse('invalid_scope'));
  const { source } = sourceFor(loopback);
  await source.getToken('a').catch(() => {});
  const [one, forced] = await Promise.allSettled([source.getToken('a'), source.getToken('a', { forceRefresh: true })]);
  expect([one, forced]).toMatchObject([{ reason: { code: 'refused_recently' } }, { reason: { error: 'invalid_scope' } }]);
});

test('ENT-58: a remembered refusal still has the page for the administrator', async () => {
  const loopback = await startLoopback((response) => sendJson(response, { error: 'unauthorized_client', error_codes: [700016] }, 400));
  const { source } = entraSource(loopback);
  await source.getToken(SCOPE).catch(() => {});
  await expect(source.getToken(SCOPE)).rejects.toMatchObject({ code: 'refused_recently', cause: { consentUrl: expect.any(String) } });
});

test('a token of another tenant is refused, and the error says after how many attempts', async () => {
  const foreign = `e30.${Buffer.from(JSON.stringify({ tid: 'x' })).toString('base64url')}.c2ln`;
  const loopback = await startLoopback((response) => sendJson(response, { access_token: foreign, token_type: 'Bearer', expires_in: 3600 }));
  await expect(entraSource(loopback).source.getToken(SCOPE)).rejects.toMatchObject({ code: 'contradictory_token', attempts: 1 });
});

describe('a function that gives federated tokens', () => {
  const tokenNumber = (n: number): string =>
    `${[{ alg: 'RS256' }, { n, exp: 4_000_000_000 }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.c2ln`;

  test('and makes a new one for each call is not asked on and on while they are refused', async () => {
    const loopback = await startLoopback(refuse('invalid_client', 401));
    let made = 0;
    const { source } = sourceFor(loopback, { credential: federatedToken(() => tokenNumber(made++)) });
    await expect(source.getToken('a')).rejects.toMatchObject({ error: 'invalid_client' });
    expect(loopback.received.length).toBeLessThanOrEqual(3);
  });

  test.for([
    [true, 'one and the same'],
    [false, 'a new one for each attempt'],
  ] as const)('ENT-62, WIF-05: is waited for on request until its credential is known everywhere (%s: %s)', async ([isSame]) => {
    const loopback = await startLoopback((response, index, received) =>
      index < 3 ? sendJson(response, { error: 'invalid_client', error_codes: [700213] }, 401) : sendToken(response, index, received),
    );
    let made = 0;
    const credential = federatedToken(() => tokenNumber(isSame ? 0 : made++));
    const { source, pauses } = sourceFor(loopback, { credential, federationPropagationRetry: true });
    expect((await source.getToken('a')).value).toBe('token-3');
    expect(pauses).toHaveLength(3);
  });

  test('ENT-62, WIF-05: is not waited for unasked, nor without end', async () => {
    const loopback = await startLoopback((response) => sendJson(response, { error: 'invalid_client', error_codes: [70021] }, 401));
    const credential = federatedToken(() => tokenNumber(0));
    const { source, pauses } = sourceFor(loopback, { credential });
    await expect(source.getToken('a')).rejects.toMatchObject({ error: 'invalid_client' });
    expect([loopback.received.length, pauses]).toEqual([1, []]);
    const patient = sourceFor(loopback, { credential, federationPropagationRetry: true, deadlineMs: 600_000 });
    await expect(patient.source.getToken('b')).rejects.toMatchObject({ error: 'invalid_client' });
    expect(loopback.received.length).toBeLessThan(12);
    expect(patient.pauses.every((ms) => ms > 0)).toBe(true);
  });
});
