import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { VALID_AT_MS } from '../../../test/support/certificates.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import { certificateFor } from './certificate-builder.ts';
import { thrown } from './thrown.ts';

const nowMs = VALID_AT_MS;

describe('of several certificates for one key', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const lasting = (from: number, to: number): string => certificateFor(publicKey, { from: Date.UTC(from, 0), to: Date.UTC(to, 0) });
  const [past, present, longer, future] = [lasting(2020, 2025), lasting(2025, 2028), lasting(2024, 2029), lasting(2027, 2040)] as const;

  test.each([
    ['the old one first', [past, present], present],
    ['the new one first', [present, past], present],
    ['one for later first', [future, present], present],
    ['two in force, the longer one last', [past, present, longer, future], longer],
    ['two in force, the longer one first', [longer, present], longer],
  ])('CE-04, CE-07: the one in force counts that lasts longest: %s', (_, certificates, expected) => {
    const { x5c } = readCertificate({ pem: certificates.join('') + key, nowMs });
    expect(x5c[0]).toBe(new X509Certificate(expected).raw.toString('base64'));
  });

  test('CE-04, CE-07: also where the key of the old one stands before its own', () => {
    const old = generateKeyPairSync('ed25519');
    const expired = certificateFor(old.publicKey, { from: 0, to: nowMs - 1000 });
    const pem = old.privateKey.export({ format: 'pem', type: 'pkcs8' }) + expired + key + present;
    expect(readCertificate({ pem, nowMs }).notAfterMs).toBe(Date.UTC(2028, 0));
  });

  test.each([
    ['at its first instant', present, Date.UTC(2025, 0)],
    ['at its last', past, Date.UTC(2025, 0)],
  ])('CE-04, CE-07: %s it is in force', (_, expected, at) => {
    // The other one is in force too, or lasts longer; so only one that counts as in force can win.
    const other = lasting(expected === past ? 2026 : 2019, expected === past ? 2050 : 2024);
    expect(readCertificate({ pem: other + expected + key, nowMs: at }).x5c[0]).toBe(new X509Certificate(expected).raw.toString('base64'));
  });

  test('CE-04: where none is in force, the error is about the one that lasts longest', () => {
    const read = () => readCertificate({ pem: past + present + longer + key, nowMs: Date.UTC(2030, 0) });
    expect(thrown(read)).toMatchObject({ code: 'certificate_expired', message: expect.stringContaining('2029-01-01') });
  });
});
