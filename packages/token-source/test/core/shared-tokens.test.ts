/** Tokens in a store that several processes share, and tokens bound to a key, which none shares. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStore } from '@client-credentials/token-cache/file';
import { decodeProtectedHeader } from 'jose';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sendJson, sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';

function sharedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
  onTestFinished(() => rmSync(folder, { recursive: true, maxRetries: 3 }));
  return folder;
}

test('ENT-60: a second process gets the token of the first, and one of another client or with other parameters does not', async () => {
  const loopback = await startLoopback(sendToken);
  const directory = sharedFolder();
  const now = () => Date.UTC(2026, 11, 1);
  const join = (options = {}) => sourceFor(loopback, { now, cache: { store: fileStore({ directory, now }) }, ...options }).source;
  await join().getToken('a');
  await vi.waitFor(async () => expect((await join().getToken('a')).value).toBe('token-0'));
  const shared = await join().getToken('a');
  expect(shared).toMatchObject({ tokenType: 'Bearer', scopes: ['a'], narrowed: false });
  expect(JSON.stringify(shared)).not.toContain('token-0');

  const asked = loopback.received.length;
  await join({ clientId: 'another' }).getToken('a');
  await join({ parameters: { audience: 'another' } }).getToken('a');
  expect(loopback.received).toHaveLength(asked + 2);
});

test('SEC-02, DP-07: a proof goes with each request, the demand for a nonce is met once, and the token is bound to the key', async () => {
  const loopback = await startLoopback((response, index) =>
    index === 0
      ? sendJson(response, { error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': 'n-1' })
      : sendJson(response, { access_token: 't', token_type: 'DPoP', expires_in: 3600 }),
  );
  const { source } = sourceFor(loopback, { dpop: true, maxAttempts: 1 });
  const token = await source.getToken('a');
  const proofs = loopback.received.map(({ headers }) => String(headers['dpop']));
  const claims = proofs.map((proof) => JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString()));
  expect(claims.map(({ nonce }) => nonce)).toEqual([undefined, 'n-1']);
  expect(claims[0].jti).not.toBe(claims[1].jti);
  expect(decodeProtectedHeader(proofs[0] ?? '')).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256' });
  expect(await token.binding?.proof?.({ method: 'GET', url: 'https://api.example/' })).toMatch(/^ey/);
});

test('DP-07: a server that asks for a nonce without end gets two requests', async () => {
  const loopback = await startLoopback((response, index) =>
    sendJson(response, { error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': `n-${index}` }),
  );
  await expect(sourceFor(loopback, { dpop: true }).source.getToken('a')).rejects.toMatchObject({ error: 'use_dpop_nonce' });
  expect(loopback.received).toHaveLength(2);
});

test('a key that never leaves the process, and a store, do not go together', () => {
  const loopback = { origin: 'http://127.0.0.1:1', received: [], connections: new Set<never>() };
  const options = { dpop: true, cache: { store: fileStore({ directory: sharedFolder() }) } };
  expect(() => sourceFor(loopback, options)).toThrowError(expect.objectContaining({ code: 'invalid_configuration' }));
});

test('ENT-33: past its expiry a token serves on request, while no new one is to be had', async () => {
  const { entraSource, SCOPE } = await import('./entra-loopback.ts');
  const loopback = await startLoopback((response, index) =>
    index === 0
      ? sendJson(response, { access_token: 't', token_type: 'Bearer', expires_in: 3600, ext_expires_in: 7200 })
      : sendJson(response, {}, 503),
  );
  for (const extendedLifetime of [true, false]) {
    loopback.received.length = 0;
    const { source, clock } = entraSource(loopback, { extendedLifetime });
    const token = await source.getToken(SCOPE);
    clock.nowMs += 4_000_000;
    if (extendedLifetime) expect(await source.getToken(SCOPE)).toBe(token);
    else await expect(source.getToken(SCOPE)).rejects.toMatchObject({ status: 503 });
    clock.nowMs += 4_000_000;
    await expect(source.getToken(SCOPE)).rejects.toMatchObject({ status: 503 });
  }
});
