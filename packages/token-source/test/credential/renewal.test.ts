/** Certificates that are renewed while a source uses them: what overlaps, what comes too early, and what a server refuses. */
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { VALID_AT_MS } from '../../../../test/support/certificates.ts';
import { certificate } from '../../src/credential/certificate.ts';
import { certificateFile } from '../../src/credential/certificate-file.ts';
import { sendJson, sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';
import { exchangeWith, loading } from './loading.ts';

const DAY_MS = 86_400_000;

let mock: MockTokenEndpoint;
beforeAll(async () => {
  mock = await startMockTokenEndpoint({ seed: 'renewal' });
});
afterAll(() => mock.close());

let path: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'renewal-'));
  path = join(folder, 'daemon.pem');
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

interface Pair {
  readonly pem: string;
  readonly thumbprint: string;
}

/** A certificate and its key in PEM, valid between these days, counted from the test's now. */
async function issued(firstDay: number, lastDay: number): Promise<Pair> {
  const validity = { notBeforeMs: VALID_AT_MS + firstDay * DAY_MS, notAfterMs: VALID_AT_MS + lastDay * DAY_MS };
  const { certificate: leaf, privateKey } = await mock.issueCertificate({ key: 'ec', registered: false, ...validity });
  return { pem: `${leaf}\n${privateKey}`, thumbprint: createHash('sha256').update(new X509Certificate(leaf).raw).digest('base64url') };
}

function replace(content: string): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

test('CE-04: of a certificate and its successor in one text, the successor serves when the first has ended', async () => {
  const [old, next] = [await issued(-10, 1), await issued(1, 20)];
  const pem = old.pem + next.pem;
  replace(pem);
  for (const credential of [certificate({ pem }), certificateFile(path)]) {
    const loads = loading();
    expect((await exchangeWith(credential, loads)).loaded.fingerprint).toBe(old.thumbprint);
    loads.clock.nowMs += 2 * DAY_MS;
    expect((await exchangeWith(credential, loads)).loaded.fingerprint).toBe(next.thumbprint);
  }
});

test('CE-04: a file with a certificate that is not valid yet is used from when it is, and the old one until then', async () => {
  const [old, next] = [await issued(-10, 10), await issued(5, 20)];
  replace(old.pem);
  const loads = loading();
  const credential = certificateFile(path);
  await exchangeWith(credential, loads);
  replace(next.pem);
  expect((await exchangeWith(credential, loads)).loaded.fingerprint).toBe(old.thumbprint);
  loads.clock.nowMs += 6 * DAY_MS;
  expect((await exchangeWith(credential, loads)).loaded.fingerprint).toBe(next.thumbprint);
  expect(loads.skipped).toEqual([['certificateFile', 'certificate_not_yet_valid']]);
});

test('CE-04: one that has ended never takes the place of one that has not', async () => {
  const [old, ended] = [await issued(-10, 10), await issued(-20, -1)];
  replace(old.pem);
  const loads = loading();
  const credential = certificateFile(path);
  await exchangeWith(credential, loads);
  replace(ended.pem);
  expect((await exchangeWith(credential, loads)).loaded.fingerprint).toBe(old.thumbprint);
  loads.clock.nowMs += 11 * DAY_MS;
  await expect(exchangeWith(credential, loads)).rejects.toMatchObject({ code: 'certificate_expired' });
  expect(loads.skipped).toEqual([['certificateFile', 'certificate_expired']]);
});

test('ENT-63: after a refusal the file is looked at, and a certificate that came meanwhile is tried at once', async () => {
  const [old, next] = [await issued(-10, 10), await issued(-1, 20)];
  replace(old.pem);
  const thumbprints: unknown[] = [];
  const loopback = await startLoopback((response, index, received) => {
    thumbprints.push(decodeProtectedHeader(received.form.get('client_assertion') ?? '')['x5t#S256']);
    if (thumbprints.at(-1) === next.thumbprint) return sendToken(response, index, received);
    replace(next.pem);
    return sendJson(response, { error: 'invalid_client', error_codes: [700027] }, 401);
  });
  const { source, pauses } = sourceFor(loopback, { credential: certificateFile(path) });
  expect((await source.getToken('a')).value).toBe('token-1');
  expect([thumbprints, pauses]).toEqual([[old.thumbprint, next.thumbprint], []]);
});

test('ENT-63: where none came the refusal is the error, after one request', async () => {
  replace((await issued(-10, 10)).pem);
  const loopback = await startLoopback((response) => sendJson(response, { error: 'invalid_client', error_codes: [700027] }, 401));
  const { source } = sourceFor(loopback, { credential: certificateFile(path) });
  await expect(source.getToken('a')).rejects.toMatchObject({ error: 'invalid_client' });
  expect(loopback.received).toHaveLength(1);
});

test('no call fails while a file is replaced again and again, half written in between', async () => {
  const pairs = [await issued(-10, 10), await issued(-9, 10), await issued(-8, 10)];
  replace(pairs[0]?.pem ?? '');
  const loopback = await startLoopback(sendToken);
  const { source } = sourceFor(loopback, { credential: certificateFile(path) });
  const calls: Promise<unknown>[] = [];
  for (const { pem } of [...pairs, ...pairs]) {
    for (let call = 0; call < 5; call += 1) calls.push(source.getToken('a', { forceRefresh: true }), source.getToken(`b${calls.length}`));
    await calls.at(-1);
    writeFileSync(path, pem.slice(0, pem.length / 2));
    for (let call = 0; call < 5; call += 1) calls.push(source.getToken(`c${calls.length}`));
    await calls.at(-1);
    replace(pem);
  }
  expect((await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected')).toEqual([]);
  await source.getToken('last');
  const assertion = loopback.received.at(-1)?.form.get('client_assertion') ?? '';
  expect(decodeProtectedHeader(assertion)['x5t#S256']).toBe(pairs[2]?.thumbprint);
});
