/** The client's PFX file: who can read it, what is in it, and in which algorithms. RFC 7292. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '../src/index.ts';
import { openssl } from './openssl.ts';

let mock: MockTokenEndpoint;
beforeAll(async () => {
  mock = await startMockTokenEndpoint({ seed: 'pkcs12' });
});
afterAll(() => mock.close());

const open = (...options: string[]) => openssl(['pkcs12', '-in', mock.pfxFile, '-passin', `pass:${mock.pfxPassword}`, ...options]);

test('only its owner can read the file', () => {
  expect((statSync(mock.pfxFile).mode & 0o777).toString(8)).toBe('600');
});

test('it holds the certificate and the key of the PEM files, and links the two', async () => {
  const text = await open('-nodes');
  expect(text).toContain(readFileSync(mock.certificateFile, 'utf8').trim());
  expect(text).toContain(readFileSync(mock.privateKeyFile, 'utf8').trim());
  const { fingerprint } = new X509Certificate(readFileSync(mock.certificateFile));
  expect(text.match(/localKeyID: ([0-9A-F ]+)/g)).toEqual(Array(2).fill(`localKeyID: ${fingerprint.replaceAll(':', ' ')} `));
});

test('OpenSSL opens it without its legacy provider: AES-256 for the key, SHA-256 for the whole', async () => {
  const text = await open('-info', '-noout');
  expect(text).toMatch(/^MAC: sha256, Iteration 2048\nMAC length: 32, salt length: 16$/m);
  expect(text).toMatch(/^Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 2048, PRF hmacWithSHA256$/m);
});

test('Node opens it with its password and no other', () => {
  const pfx = readFileSync(mock.pfxFile);
  expect(() => createSecureContext({ pfx, passphrase: mock.pfxPassword })).not.toThrow();
  expect(() => createSecureContext({ pfx, passphrase: `${mock.pfxPassword}x` })).toThrow(/mac verify failure/);
});
