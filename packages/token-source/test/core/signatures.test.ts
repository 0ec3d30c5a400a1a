/** What is kept costs no signature, whatever the tenant; and time is judged by a clock that may jump. */
import { createPrivateKey, sign } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { fixture, pair } from '../../../../test/support/certificates.ts';
import { certificate, signer } from '../../src/index.ts';
import { sendToken, startLoopback, tokenWith } from '../loopback.ts';
import { sourceFor } from '../source.ts';
import { entraSource, OTHER_TENANT, SCOPE, TENANT } from './entra-loopback.ts';

describe('two tenants that alternate', () => {
  test('with a key elsewhere are signed for once each, and never again while their tokens are kept', async () => {
    const key = createPrivateKey(fixture('rsa.key.pem'));
    let signatures = 0;
    const credential = signer({
      algorithm: 'RS256',
      certificate: fixture('rsa.crt.pem'),
      sign: (bytes) => {
        signatures += 1;
        return sign('sha256', bytes, key);
      },
    });
    const loopback = await startLoopback(sendToken);
    const { source } = entraSource(loopback, { credential, tenants: [OTHER_TENANT] });
    for (let call = 0; call < 100; call += 1) await source.getToken(SCOPE, { tenant: call % 2 === 0 ? TENANT : OTHER_TENANT });
    expect([signatures, loopback.received.length]).toEqual([2, 2]);
  });

  test('with a certificate that a function gives: it is not even asked for', async () => {
    const source = vi.fn(() => ({ pem: pair('rsa') }));
    const loopback = await startLoopback(sendToken);
    const harness = entraSource(loopback, { credential: certificate(source), tenants: [OTHER_TENANT] });
    for (let call = 0; call < 100; call += 1) await harness.source.getToken(SCOPE, { tenant: call % 2 === 0 ? TENANT : OTHER_TENANT });
    expect([source.mock.calls.length, loopback.received.length]).toEqual([2, 2]);
  });
});

describe('a clock that', () => {
  test('stood still for two days finds no token that it takes for valid', async () => {
    const loopback = await startLoopback(sendToken);
    const { source, clock } = sourceFor(loopback);
    await source.getToken('a');
    clock.nowMs += 48 * 3_600_000;
    expect((await source.getToken('a')).value).toBe('token-1');
  });

  test('is set back by an hour keeps no token longer than its server said', async () => {
    const loopback = await startLoopback(sendToken);
    const { source, clock } = sourceFor(loopback);
    const { expiresAtMs, receivedAtMs } = await source.getToken('a');
    clock.nowMs -= 3_600_000;
    const next = await source.getToken('a');
    // Either it is asked for anew, or it ends by the time of its answer: never an hour later.
    expect(next.expiresAtMs - next.receivedAtMs).toBe(expiresAtMs - receivedAtMs);
    clock.nowMs += 3_600_000 + (expiresAtMs - receivedAtMs);
    await source.getToken('a');
    expect(loopback.received.length).toBeGreaterThan(1);
  });

  test.for([
    ['a millisecond before the last minute', -60_001, 'token-0', 'in the background'],
    ['at the last minute', -60_000, 'token-1', 'while the caller waits'],
    ['a millisecond before the end', -1, 'token-1', 'while the caller waits'],
    ['at the end', 0, 'token-1', 'while the caller waits'],
    ['long after it', 1_000_000, 'token-1', 'while the caller waits'],
  ] as const)('is %s of a token: it is renewed %4$s', async ([, beforeEndMs, value]) => {
    const loopback = await startLoopback(tokenWith({ refresh_in: 1800 }));
    const { source, clock } = sourceFor(loopback);
    const { expiresAtMs } = await source.getToken('a');
    clock.nowMs = expiresAtMs + beforeEndMs;
    expect((await source.getToken('a')).value).toBe(value);
    await vi.waitFor(() => expect(loopback.received).toHaveLength(2));
  });
});
