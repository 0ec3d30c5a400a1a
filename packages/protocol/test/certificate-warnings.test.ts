import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { fixture, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import { permitsDigitalSignature } from '../src/certificate/key-usage.ts';
import { certificateWarnings } from '../src/certificate/warnings.ts';
import { element, oid, sequence } from './pkcs12-builder.ts';
import { thrown } from './thrown.ts';

const nowMs = VALID_AT_MS;
const DAY_MS = 86_400_000;
const read = (name: string) => readCertificate({ pem: pair(name), nowMs });

test('CE-04, CE-05: of a certificate that may sign and lasts there is nothing to say', () => {
  expect(certificateWarnings(read('rsa'), { nowMs })).toEqual([]);
});

test('CE-04: the last 30 days bring a warning, 30 days exactly do not', () => {
  const certificate = read('rsa');
  expect(certificateWarnings(certificate, { nowMs: certificate.notAfterMs - 30 * DAY_MS })).toEqual([]);
  const warning =
    'The certificate "CN=rsa, O=Contoso" is valid until 2119-01-01T00:00:00.000Z only; register and deploy a new one before then';
  expect(certificateWarnings(certificate, { nowMs: certificate.notAfterMs - 30 * DAY_MS + 1 })).toEqual([warning]);
  expect(certificateWarnings(certificate, { nowMs: certificate.notAfterMs })).toEqual([warning]);
});

test('CE-04: a certificate that is not in force is an error, not a warning', () => {
  const certificate = read('rsa');
  expect(thrown(() => certificateWarnings(certificate, { nowMs: certificate.notAfterMs + 1 }))).toMatchObject({
    code: 'certificate_expired',
  });
  expect(thrown(() => certificateWarnings(certificate, { nowMs: 0 }))).toMatchObject({ code: 'certificate_not_yet_valid' });
});

test('CE-04: without a certificate or a time there is an error, not an empty list', () => {
  expect(thrown(() => certificateWarnings(undefined as never, undefined as never))).toMatchObject({ code: 'invalid_certificate' });
  for (const options of [undefined, null, {}]) {
    expect(thrown(() => certificateWarnings(read('rsa'), options as never))).toMatchObject({ code: 'invalid_parameter' });
  }
});

test('CE-05: a key usage of keyEncipherment alone brings a warning, and the certificate is read all the same', () => {
  expect(certificateWarnings(read('key-encipherment'), { nowMs })).toEqual([
    'The certificate "CN=key-encipherment, O=Contoso" has a key usage without digitalSignature; a server may refuse what it signs. Request one that has it',
  ]);
});

test.each([
  ['leaf', true, 'digitalSignature, critical'],
  ['key-encipherment', false, 'keyEncipherment'],
  ['root', false, 'keyCertSign'],
  ['loopback', true, 'no key usage'],
  ['nameless', true, 'no key usage'],
])('CE-05: whether %s may sign is %s: %s', (name, may) => {
  expect(permitsDigitalSignature(new X509Certificate(fixture(`${name}.crt.pem`)).raw)).toBe(may);
});

/** The part of a certificate that matters here: a key usage with these bits, not critical. */
const withKeyUsage = (...bits: readonly number[]): Buffer =>
  sequence(sequence(element(0xa3, sequence(sequence(oid('2.5.29.15'), element(0x04, element(0x03, Buffer.from(bits))))))));

test.each([
  ['digitalSignature', [7, 0x80], true],
  ['digitalSignature and keyEncipherment', [5, 0xa0], true],
  ['nonRepudiation', [6, 0x40], false],
  ['decipherOnly, in the second octet', [7, 0x00, 0x80], false],
  ['nothing', [0], false],
])('CE-05: a key usage of %s', (_, bits, may) => {
  expect(permitsDigitalSignature(withKeyUsage(...bits))).toBe(may);
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a text', Buffer.from('certificate')],
  ['no extensions', sequence(sequence())],
])('CE-05: %s forbids nothing', (_, der) => {
  expect(permitsDigitalSignature(der)).toBe(true);
});
