import { describe, expect, test } from 'vitest';
import { PASSPHRASE, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { readPkcs12 } from '../src/pkcs12.ts';
import {
  bag,
  certificateBag,
  data,
  derOf,
  element,
  integer,
  keyOf,
  octetString,
  oid,
  pfx,
  pfxFile,
  plainSafe,
  sealed,
  sequence,
} from './pkcs12-builder.ts';

const nowMs = VALID_AT_MS;

describe('refused', () => {
  test.each([
    ['rc4.pfx', 'encrypts with 1.2.840.113549.1.12.1.2'],
    ['no-mac.pfx', 'has no MAC, so nobody can tell whether it was changed'],
    ['mac-sha224.pfx', 'has a MAC of the unknown kind 2.16.840.1.101.3.4.2.4'],
    ['many-iterations.pfx', 'asks for 100001 iterations, more than maxIterations (100000)'],
    ['many-pbes2-iterations.pfx', 'asks for 100001 iterations, more than maxIterations (100000)'],
    ['many-pbe-iterations.pfx', 'asks for 100001 iterations, more than maxIterations (100000)'],
  ])('CE-08: %s, for it %s, with the command that converts it', async (name, words) => {
    await expect(readPkcs12(pfxFile(name), { passphrase: PASSPHRASE, nowMs })).rejects.toMatchObject({
      code: 'unsupported_pkcs12',
      transient: false,
      message: `The PKCS#12 file ${words}. ${CONVERSION}`,
    });
  });

  test('CE-08: the file of RFC 9879 Appendix A.1, whose MAC is PBMAC1', async () => {
    await expect(readPkcs12(pfxFile('rfc9879-a1.p12'), { passphrase: '1234', nowMs })).rejects.toMatchObject({
      code: 'unsupported_pkcs12',
      message: `The PKCS#12 file has a MAC of the kind PBMAC1 (RFC 9879), which OpenSSL reads from 3.4 on. ${CONVERSION}`,
    });
  });

  test.each([
    ['signed instead of sealed', sequence(integer('03'), sequence(oid('1.2.840.113549.1.7.2'), element(0xa0))), 'by a signature'],
    ['encrypted for a key', pfx([sequence(oid('1.2.840.113549.1.7.3'), element(0xa0))]), 'for a key instead of'],
    ['with an open length', Buffer.from('30800000', 'hex'), 'is in BER instead of DER (a length is left open)'],
    [
      'with a content cut into parts',
      pfx([sequence(oid('1.2.840.113549.1.7.1'), element(0xa0, element(0x24, element(0x04))))]),
      'cut into parts',
    ],
  ])('CE-08: one %s, with the command that converts it', async (_, octets, words) => {
    const error = await readPkcs12(octets, { passphrase: 'x', nowMs }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unsupported_pkcs12', message: expect.stringContaining(words) });
    expect(error).toMatchObject({ message: expect.stringContaining(CONVERSION) });
  });

  test.each([
    ['rsa.pfx', 'wrong', 'check the passphrase'],
    ['rsa.pfx', '', 'check the passphrase'],
    ['rsa.pfx', undefined, 'no passphrase was given'],
    ['legacy.pfx', 'wrong', 'check the passphrase'],
    ['legacy.pfx', undefined, 'no passphrase was given'],
    ['plain.pfx', 'Correct horse', 'check the passphrase'],
    ['empty-passphrase.pfx', 'x', 'check the passphrase'],
  ])('CE-08: %s does not open with the passphrase %j', async (name, passphrase, words) => {
    await expect(readPkcs12(pfxFile(name), { passphrase, nowMs })).rejects.toMatchObject({
      code: 'wrong_passphrase',
      message: expect.stringContaining(words),
    });
  });

  test('CE-08: a change anywhere in the content is noticed before it is read', async () => {
    const octets = pfxFile('plain.pfx');
    octets[octets.indexOf('Contoso')] = 0x44;
    await expect(readPkcs12(octets, { passphrase: PASSPHRASE, nowMs })).rejects.toMatchObject({ code: 'wrong_passphrase' });
  });

  test.each([
    ['key-alone.pfx', 'invalid_certificate', 'no certificate'],
    ['certificate-alone.pfx', 'invalid_credential', 'no private key'],
  ])('CE-06, CE-08: %s is %s', async (name, code, words) => {
    await expect(readPkcs12(pfxFile(name), { passphrase: PASSPHRASE, nowMs })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });

  test('CE-06, CE-08: a key that belongs to none of the certificates', async () => {
    const octets = pfx([data(sequence(bag(1, keyOf('p384')), certificateBag(derOf('p256'))))]);
    await expect(readPkcs12(octets, { passphrase: 'x', nowMs })).rejects.toMatchObject({ code: 'certificate_key_mismatch' });
  });

  test('CE-04, CE-08: a certificate that is not valid now', async () => {
    const read = readPkcs12(pfxFile('plain.pfx'), { passphrase: PASSPHRASE, nowMs: Date.UTC(2120, 0) });
    await expect(read).rejects.toMatchObject({ code: 'certificate_expired' });
  });

  test('JO-04, CE-08: a weak key', async () => {
    await expect(readPkcs12(pfx([plainSafe('weak')]), { passphrase: 'x', nowMs })).rejects.toMatchObject({ code: 'weak_key' });
  });
});

describe('damaged', () => {
  const whole = pfxFile('plain.pfx');

  test.each([
    ['nothing', Buffer.alloc(0), 'nothing where an element should be'],
    ['a text', Buffer.from('not a PKCS#12 file at all'), 'cut off'],
    ['cut off', whole.subarray(0, -1), 'cut off'],
    ['with something behind it', Buffer.concat([whole, Buffer.from([5, 0])]), 'bytes follow the end'],
    ['of another version', sequence(integer('04'), data(sequence())), 'its version is 4, not 3'],
    ['with a MAC too short', pfx([plainSafe('p256')], { macOctets: 19 }), 'its MAC is of another length'],
    ['with no MAC octets', pfx([plainSafe('p256')], { macOctets: 0 }), 'its MAC is of another length'],
    ['with no iterations', pfx([plainSafe('p256')], { iterations: '00' }), 'it asks for no iterations'],
    ['with iterations under nought', pfx([plainSafe('p256')], { iterations: '80' }), 'empty or negative'],
    ['with a content that is no safe', sealed(octetString(Buffer.alloc(3))), 'tag 04 where tag 30 should be'],
    ['with a safe that holds no bags', pfx([data(octetString(Buffer.alloc(3)))]), 'tag 04 where tag 30 should be'],
    ['with 257 bags', pfx([data(sequence(...new Array<Uint8Array>(257).fill(bag(4, sequence()))))]), 'more than 256 elements'],
  ])('CE-08: a file %s is refused as such', async (_, octets, words) => {
    await expect(readPkcs12(octets, { passphrase: 'x', nowMs })).rejects.toMatchObject({
      code: 'invalid_certificate',
      message: expect.stringMatching(new RegExp(`^The PKCS#12 file cannot be read: .*${words}.*; it may be damaged$`)),
    });
  });

  test.each([
    ['certificate', pfx([data(sequence(certificateBag(Buffer.from('3003020101', 'hex')), bag(1, keyOf('p256'))))]), 'invalid_certificate'],
    [
      'certificate with something behind it',
      pfx([data(sequence(certificateBag(Buffer.concat([derOf('p256'), Buffer.from([5, 0])])), bag(1, keyOf('p256'))))]),
      'invalid_certificate',
    ],
    ['key', pfx([data(sequence(certificateBag(derOf('p256')), bag(1, sequence(integer('00')))))]), 'invalid_credential'],
  ])('CE-08: a %s that cannot be read is refused', async (_, octets, code) => {
    await expect(readPkcs12(octets, { passphrase: 'x', nowMs })).rejects.toMatchObject({ code });
  });
});

const CONVERSION =
  'Convert it with OpenSSL 3: openssl pkcs12 -legacy -in old.pfx -out daemon.pem; give daemon.pem to readCertificate, ' +
  'or make a new file of it: openssl pkcs12 -export -in daemon.pem -out new.pfx';
