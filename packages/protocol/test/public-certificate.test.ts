import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { fixture, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { certificateSigner, readCertificate, readPublicCertificate } from '../src/certificate/certificate.ts';
import { certificateOf } from './forged-certificate.ts';
import { derOf } from './pkcs12-builder.ts';
import { thrown } from './thrown.ts';

const nowMs = VALID_AT_MS;
const read = (pem: string) => readPublicCertificate({ pem, nowMs });

test.each(['rsa', 'p256', 'p384', 'p521', 'ed25519', 'leaf'])(
  'CE-03, JO-03: without its key, %s has the same facts, in PEM and in DER',
  (name) => {
    const facts = readCertificate({ pem: pair(name), nowMs });
    expect(read(fixture(`${name}.crt.pem`))).toEqual(facts);
    expect(readPublicCertificate({ der: derOf(name), nowMs })).toEqual(facts);
  },
);

test('JO-03: its facts cannot be changed', () => {
  expect(Object.isFrozen(read(fixture('rsa.crt.pem')))).toBe(true);
});

test.each([
  ['leaf first', ['leaf', 'intermediate', 'root']],
  ['root first', ['root', 'intermediate', 'leaf']],
  ['with one twice', ['leaf', 'root', 'leaf', 'intermediate']],
])('CE-07, JO-09: the leaf is the issuer of no other, and its chain follows in order: %s', (_, names) => {
  const { subject, x5c } = read(names.map((name) => fixture(`${name}.crt.pem`)).join(''));
  expect(subject).toBe('CN=leaf, O=Contoso');
  expect(x5c).toEqual(['leaf', 'intermediate', 'root'].map((name) => derOf(name).toString('base64')));
});

test('CE-02: a private key in the file is left alone, whatever it is', () => {
  const pem = fixture('rsa.crt.pem') + fixture('rsa.encrypted.key.pem') + fixture('p256.key.pem');
  expect(read(pem)).toEqual(read(fixture('rsa.crt.pem')));
  expect(thrown(() => certificateSigner(read(pem)))).toMatchObject({
    code: 'invalid_credential',
    message: 'The certificate was read without its private key; give a signer beside it, or read it with readCertificate',
  });
});

/** By their names, each may be the issuer of the other. */
const namesakes = ['rsa', 'leaf'].map((key) => certificateOf({ subject: 'root', issuer: 'root', key })).join('');
const unknownKey = new X509Certificate(certificateOf({ subject: 'a', issuer: 'b', key: 'rsa' })).raw
  .toString('hex')
  .replace('2a864886f70d010101', '2a864886f70d010163');

test.each([
  ['invalid_certificate', '("CN=rsa O=Contoso", "CN=p256 O=Contoso")', () => read(fixture('rsa.crt.pem') + fixture('p256.crt.pem'))],
  ['invalid_certificate', 'not clear', () => read(namesakes)],
  ['invalid_certificate', 'There is no certificate', () => read(fixture('rsa.key.pem'))],
  [
    'invalid_certificate',
    'of a kind that this runtime does not know',
    () => readPublicCertificate({ der: Buffer.from(unknownKey, 'hex'), nowMs }),
  ],
  ['invalid_certificate', 'twice', () => readPublicCertificate({ pem: pair('rsa'), der: derOf('rsa'), nowMs } as never)],
  ['weak_key', '1024 bits', () => read(fixture('weak.crt.pem'))],
  ['certificate_expired', '2119', () => readPublicCertificate({ pem: fixture('rsa.crt.pem'), nowMs: Date.UTC(2120, 0) })],
  ['certificate_not_yet_valid', '2020', () => readPublicCertificate({ pem: fixture('rsa.crt.pem'), nowMs: 0 })],
  ['invalid_parameter', 'nowMs', () => readPublicCertificate({ pem: fixture('rsa.crt.pem'), nowMs: Number.NaN })],
])('CE-01, CE-04, CE-07, JO-04: what will not do is %s, and the message says %j', (code, words, run) => {
  expect(thrown(run)).toMatchObject({ code, message: expect.stringContaining(words) });
});
