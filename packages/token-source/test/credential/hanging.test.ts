/** Functions of a credential that never end, or end when nobody waits any more: the deadline and the caller's signal end the wait. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fixture, PASSPHRASE, pair } from '../../../../test/support/certificates.ts';
import { type Credential, certificate, certificateFile, federatedToken, firstUsable, mutualTls, secret, signer } from '../../src/index.ts';
import { sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';
import { exchangeWith, loading, verified } from './loading.ts';

const encrypted = fixture('rsa.crt.pem') + fixture('rsa.encrypted.key.pem');

/** What a caller's function does, whatever it is to return. */
type Hang = () => Promise<never>;

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hanging-'));
  path = join(folder, 'daemon.pem');
  writeFileSync(path, encrypted);
  return () => rmSync(folder, { recursive: true });
});

const credentials: readonly (readonly [string, (hang: Hang) => Credential])[] = [
  ['a secret', (hang) => secret(hang)],
  ['a certificate', (hang) => certificate(hang)],
  ['a certificate’s passphrase', (hang) => certificate({ pem: encrypted, passphrase: hang })],
  ['a file’s passphrase', (hang) => certificateFile(path, { passphrase: hang })],
  ['a connection’s certificate', (hang) => mutualTls(hang)],
  ['a bound connection’s certificate', (hang) => mutualTls(hang, { boundTokens: true })],
  ['a federated token', (hang) => federatedToken(hang)],
  ['a signature', (hang) => signer({ algorithm: 'PS256', sign: hang, certificate: fixture('rsa.crt.pem') })],
  ['the first of several', (hang) => firstUsable([secret(hang), secret(hang)])],
];

describe.each(credentials)('%s', (_, credentialOf) => {
  test('that never comes is given up at the deadline', async () => {
    const loopback = await startLoopback(sendToken);
    const { source } = sourceFor(loopback, { credential: credentialOf(() => new Promise(() => {})), deadlineMs: 1 });
    await expect(source.getToken('a')).rejects.toMatchObject({ code: 'timeout', transient: true });
    expect(loopback.received).toEqual([]);
  });

  test('that never comes is not waited for after an abort, and what becomes of it later is nobody’s unhandled rejection', async () => {
    const leaving = new AbortController();
    const failures: ((reason: Error) => void)[] = [];
    const hang: Hang = () => new Promise((_, reject) => void failures.push(reject));
    const loads = loading({ signal: leaving.signal });
    const waiting = expect(exchangeWith(credentialOf(hang), loads)).rejects.toThrowError('left');
    await expect.poll(() => failures.length).toBe(1);
    leaving.abort(new Error('left'));
    await waiting;
    for (const fail of failures) fail(new Error('late'));
    // Rejections that nobody handles are told after the microtasks.
    await new Promise((resolve) => setImmediate(resolve));
    expect([failures.length, loads.skipped]).toEqual([1, []]);
  });
});

test('a new file whose passphrase never comes is told of as no bad one, and serves once it can be opened', async () => {
  const file = join(folder, 'replaced.pem');
  const leaving = new AbortController();
  let asked = 0;
  let passphrase: () => Promise<string> = async () => PASSPHRASE;
  const credential = certificateFile(file, { passphrase: () => passphrase() });
  writeFileSync(file, pair('p256'));
  await verified(await exchangeWith(credential), 'p256', { algorithm: 'ES256' });
  writeFileSync(file, encrypted);
  passphrase = () => {
    asked += 1;
    return new Promise(() => {});
  };
  const loads = loading({ signal: leaving.signal });
  const waiting = expect(exchangeWith(credential, loads)).rejects.toThrowError('left');
  await expect.poll(() => asked).toBe(1);
  leaving.abort(new Error('left'));
  await waiting;
  expect(loads.skipped).toEqual([]);
  passphrase = async () => PASSPHRASE;
  await verified(await exchangeWith(credential), 'rsa');
});
