import { createCipheriv, verify, X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import forge from 'node-forge';
import { describe, expect, test } from 'vitest';
import { fixture, PASSPHRASE, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { certificateSigner, readCertificate } from '../src/certificate/certificate.ts';
import * as subpath from '../src/pkcs12.ts';
import { readPkcs12 } from '../src/pkcs12.ts';
import {
  bag,
  certificateBag,
  data,
  derived,
  derOf,
  encryptedData,
  integer,
  keyOf,
  octetString,
  oid,
  pfx,
  pfxFile,
  plainSafe,
  sequence,
} from './pkcs12-builder.ts';

const nowMs = VALID_AT_MS;

test('the subpath exports readPkcs12 alone', () => {
  expect(Object.keys(subpath)).toEqual(['readPkcs12']);
});

describe('files that openssl wrote', () => {
  test.each([
    ['rsa.pfx', 'rsa', "today's encryption, a name, RSA"],
    ['p256.pfx', 'p256', "today's encryption, P-256"],
    ['p384.pfx', 'p384', "today's encryption, P-384"],
    ['ed25519.pfx', 'ed25519', "today's encryption, Ed25519"],
    ['aes-128-192.pfx', 'p256', 'AES-128 and AES-192'],
    ['pbes2-3des.pfx', 'p256', 'PBES2 with triple DES'],
    ['mac-sha384.pfx', 'p256', 'a MAC with SHA-384'],
    ['mac-sha512.pfx', 'p256', 'a MAC with SHA-512'],
    ['plain.pfx', 'p256', 'a MAC and no encryption'],
    ['legacy.pfx', 'rsa', 'RC2 of 40 bits, triple DES, SHA-1, RSA'],
    ['legacy-p256.pfx', 'p256', 'RC2 of 40 bits, triple DES, SHA-1, P-256'],
    ['windows.pfx', 'rsa', 'triple DES throughout and the attributes of Windows'],
    ['2des.pfx', 'p256', 'triple DES of two keys, RC2 of 128 bits'],
    ['most-iterations.pfx', 'p256', '100,000 iterations'],
  ])('CE-08: %s is the same as the PEM of %s: %s', async (name, pem) => {
    const read = await readPkcs12(pfxFile(name), { passphrase: PASSPHRASE, nowMs });
    expect(read).toEqual(readCertificate({ pem: pair(pem), nowMs }));
  });

  test('CE-08, JO-09: a chain is read, leaf first', async () => {
    const { x5c } = await readPkcs12(pfxFile('chain.pfx'), { passphrase: PASSPHRASE, nowMs });
    expect(x5c).toEqual(['leaf', 'intermediate', 'root'].map((name) => derOf(name).toString('base64')));
  });

  test('CE-08: a passphrase outside ASCII goes in as UTF-16 for the MAC and as UTF-8 for the content', async () => {
    const read = await readPkcs12(pfxFile('unicode-passphrase.pfx'), { passphrase: 'pässwörd € 😀', nowMs });
    expect(read.subject).toBe('CN=p256, O=Contoso');
  });

  test.each([
    ['empty-passphrase.pfx', ''],
    ['empty-passphrase.pfx', undefined],
    ['empty-passphrase-legacy.pfx', ''],
    ['empty-passphrase-legacy.pfx', undefined],
  ])('CE-08: %s opens with the passphrase %j', async (name, passphrase) => {
    expect((await readPkcs12(pfxFile(name), { passphrase, nowMs })).subject).toBe('CN=p256, O=Contoso');
  });

  test('CE-08: the key signs, and shows in no print', async () => {
    const certificate = await readPkcs12(pfxFile('p256.pfx'), { passphrase: PASSPHRASE, nowMs });
    const { publicKey } = new X509Certificate(fixture('p256.crt.pem'));
    const signature = await certificateSigner(certificate).sign(Buffer.from('signed'));
    expect(verify('sha256', Buffer.from('signed'), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    expect(inspect(certificate, { depth: 9, showHidden: true }) + JSON.stringify(certificate)).not.toMatch(/PRIVATE|KeyObject/);
  });
});

describe('files that others write', () => {
  test('CE-08: one of node-forge is read', async () => {
    const [key, certificate] = [
      forge.pki.privateKeyFromPem(fixture('rsa.pkcs1.key.pem')),
      forge.pki.certificateFromPem(fixture('rsa.crt.pem')),
    ];
    const asn1 = forge.pkcs12.toPkcs12Asn1(key, certificate, 'x', { algorithm: '3des', friendlyName: 'daemon' });
    const octets = Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
    expect((await readPkcs12(octets, { passphrase: 'x', nowMs })).subject).toBe('CN=rsa, O=Contoso');
  });

  test('CE-08: a MAC without an iteration count was derived once', async () => {
    expect((await readPkcs12(pfx([plainSafe('p256')]), { passphrase: 'x', nowMs })).subject).toBe('CN=p256, O=Contoso');
  });

  test.each(['', undefined])('CE-08: a MAC over no passphrase at all opens with %j, and its content too', async (passphrase) => {
    const salt = Buffer.from('saltsalt');
    const lock = { passphrase: null, salt, count: 1 };
    const cipher = createCipheriv(
      'des-ede3-cbc',
      derived({ ...lock, purpose: 1, octets: 24 }),
      derived({ ...lock, purpose: 2, octets: 8 }),
    );
    const ciphertext = Buffer.concat([cipher.update(sequence(bag(1, keyOf('p256')), certificateBag(derOf('p256')))), cipher.final()]);
    const scheme = sequence(oid('1.2.840.113549.1.12.1.3'), sequence(octetString(salt), integer('01')));
    const octets = pfx([encryptedData(scheme, ciphertext)], { passphrase: null });
    expect((await readPkcs12(octets, { passphrase, nowMs })).subject).toBe('CN=p256, O=Contoso');
  });

  test('CE-07, CE-08: of two keys the one that belongs to a certificate is taken', async () => {
    const octets = pfx([data(sequence(bag(1, keyOf('p384')), bag(1, keyOf('p256')))), data(sequence(certificateBag(derOf('p256'))))]);
    expect((await readPkcs12(octets, { passphrase: 'x', nowMs })).subject).toBe('CN=p256, O=Contoso');
  });

  test('CE-08: bags and certificates of other kinds are passed over', async () => {
    const strangers = sequence(bag(4, sequence()), bag(5, sequence()), certificateBag(Buffer.from('sdsi'), '1.2.840.113549.1.9.22.2'));
    const octets = pfx([data(strangers), plainSafe('p256')]);
    expect((await readPkcs12(octets, { passphrase: 'x', nowMs })).x5c).toHaveLength(1);
  });
});

describe('what a caller may hand in', () => {
  test('CE-08: maxIterations is the largest count that is computed', async () => {
    const options = { passphrase: PASSPHRASE, nowMs };
    expect((await readPkcs12(pfxFile('p256.pfx'), { ...options, maxIterations: 2048 })).subject).toBe('CN=p256, O=Contoso');
    const refused = readPkcs12(pfxFile('p256.pfx'), { ...options, maxIterations: 2047 });
    await expect(refused).rejects.toMatchObject({ code: 'unsupported_pkcs12', message: expect.stringContaining('2048 iterations') });
    const read = await readPkcs12(pfxFile('many-iterations.pfx'), { ...options, maxIterations: 100_001 });
    expect(read.subject).toBe('CN=p256, O=Contoso');
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 31, '5' as unknown as number])('maxIterations of %s is refused', async (maxIterations) => {
    await expect(readPkcs12(pfxFile('plain.pfx'), { passphrase: PASSPHRASE, nowMs, maxIterations })).rejects.toMatchObject({
      code: 'invalid_parameter',
      message: expect.stringMatching(/^maxIterations is .*; give a whole number from 1 to 2147483647$/),
    });
  });

  test('CE-08: what is done to the buffer meanwhile changes nothing', async () => {
    const octets = pfxFile('p256.pfx');
    const read = readPkcs12(octets, { passphrase: PASSPHRASE, nowMs, maxIterations: 2 ** 31 - 1 });
    octets.fill(0);
    expect((await read).subject).toBe('CN=p256, O=Contoso');
  });

  test('CE-08: maxIterations may be 1', async () => {
    expect((await readPkcs12(pfx([plainSafe('p256')]), { passphrase: 'x', nowMs, maxIterations: 1 })).subject).toBe('CN=p256, O=Contoso');
  });

  test('CC-32: a passphrase that is no text is refused without being shown', async () => {
    const error = await readPkcs12(pfxFile('plain.pfx'), { passphrase: 271828 as unknown as string, nowMs }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'invalid_parameter', message: 'The passphrase is of type number; give a string' });
  });

  test('CE-04: without a time no certificate is taken for valid', async () => {
    const read = readPkcs12(pfxFile('plain.pfx'), { passphrase: PASSPHRASE, nowMs: Number.NaN });
    await expect(read).rejects.toMatchObject({ code: 'invalid_parameter' });
  });

  test.each([
    ['PEM text', Buffer.from(pair('rsa')), 'is PEM text; give it to readCertificate as pem'],
    ['a certificate', derOf('rsa'), 'is a certificate in DER; give it to readCertificate as der'],
    ['a private key', keyOf('rsa'), 'is a private key in DER (PKCS#8); give it to readCertificate as privateKey'],
    ['a path', 'daemon.pfx', 'is of type string; give a Uint8Array'],
    ['too much', Buffer.alloc(1024 * 1024 + 1), 'has 1048577 bytes; more than 1048576 is refused'],
  ])('CE-08: %s is refused by its name', async (_, octets, words) => {
    await expect(readPkcs12(octets as Uint8Array, { passphrase: 'x', nowMs })).rejects.toMatchObject({
      code: 'invalid_certificate',
      message: expect.stringContaining(`The PKCS#12 file ${words}`),
    });
  });

  test('CE-08: 1 MiB is not too much', async () => {
    const fileOf = (size: number): Buffer => pfx([plainSafe('p256'), data(sequence(bag(4, octetString(Buffer.alloc(size)))))]);
    const mebibyte = 1024 * 1024;
    const octets = fileOf(2 * mebibyte - fileOf(mebibyte).length);
    expect(octets).toHaveLength(mebibyte);
    expect((await readPkcs12(octets, { passphrase: 'x', nowMs })).subject).toBe('CN=p256, O=Contoso');
  });
});
