import { createPrivateKey, type KeyExportOptions, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fixture, PASSPHRASE, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import { derOf, element, oid, pfxFile, sequence } from './pkcs12-builder.ts';
import { thrown } from './thrown.ts';

const nowMs = VALID_AT_MS;
const keyObjectOf = (name: string): KeyObject => createPrivateKey(fixture(`${name}.key.pem`));
const inDer = (name: string, type: 'pkcs8' | 'pkcs1' | 'sec1'): Buffer =>
  keyObjectOf(name).export({ format: 'der', type } as KeyExportOptions<'der'>);
const encrypted = (name: string): Buffer =>
  keyObjectOf(name).export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: PASSPHRASE });

describe('a certificate in DER', () => {
  test.each(['rsa', 'p256', 'p384', 'p521', 'ed25519', 'leaf'])(
    'CE-03: %s is the same as its PEM, with its key in PEM or in PKCS#8',
    (name) => {
      const read = readCertificate({ pem: pair(name), nowMs });
      expect(readCertificate({ der: derOf(name), privateKey: fixture(`${name}.key.pem`), nowMs })).toEqual(read);
      expect(readCertificate({ der: derOf(name), privateKey: inDer(name, 'pkcs8'), nowMs })).toEqual(read);
    },
  );

  test.each([
    ['PKCS#8', 'rsa', inDer('rsa', 'pkcs8')],
    ['PKCS#1', 'rsa', inDer('rsa', 'pkcs1')],
    ['SEC 1', 'p256', inDer('p256', 'sec1')],
    ['encrypted PKCS#8', 'p256', encrypted('p256')],
  ])('CE-02: a key in %s is read beside DER and beside PEM', (_, name, privateKey) => {
    const read = readCertificate({ pem: pair(name), nowMs });
    expect(readCertificate({ der: derOf(name), privateKey, passphrase: PASSPHRASE, nowMs })).toEqual(read);
    expect(readCertificate({ pem: fixture(`${name}.crt.pem`), privateKey, passphrase: PASSPHRASE, nowMs })).toEqual(read);
  });

  test('CE-02: octets that are a part of a larger buffer are read in their bounds', () => {
    const [der, privateKey] = [derOf('p256'), inDer('p256', 'sec1')].map((octets) =>
      Buffer.concat([Buffer.alloc(3, 0xff), octets, Buffer.alloc(3, 0xff)]).subarray(3, -3),
    ) as [Buffer, Buffer];
    expect(readCertificate({ der, privateKey, nowMs }).subject).toBe('CN=p256, O=Contoso');
  });

  test('CE-02: a key file in PEM may be octets too, and hold certificates of the chain', () => {
    const privateKey = Buffer.from(fixture('leaf.key.pem') + fixture('chain.pem'));
    expect(readCertificate({ der: derOf('leaf'), privateKey, nowMs }).x5c).toHaveLength(3);
  });
});

const pkcs7 = sequence(oid('1.2.840.113549.1.7.2'), element(0xa0, sequence()));
const pkcs12 = pfxFile('p256.pfx');
const [read, rest] = [readCertificate, { nowMs }];

describe('a wrong file is called by its name', () => {
  test.each([
    ['a PKCS#12 file (PFX); give it to readPkcs12 of @client-credentials/protocol/pkcs12', pkcs12],
    ['a certificate in DER; give it to readCertificate as der', derOf('p256')],
    ['a private key in DER (PKCS#8); give it to readCertificate as privateKey', inDer('p256', 'pkcs8')],
    ['an encrypted private key in DER (PKCS#8); give it to readCertificate as privateKey, with its passphrase', encrypted('p256')],
    ['an RSA private key in DER (PKCS#1); give it to readCertificate as privateKey', inDer('rsa', 'pkcs1')],
    ['an EC private key in DER (SEC 1); give it to readCertificate as privateKey', inDer('p256', 'sec1')],
    ['a PKCS#7 bundle (p7b), which holds no private key; take out its certificates: openssl pkcs7', pkcs7],
  ])('CE-02: as pem, %s', (words, pem) => {
    expect(thrown(() => read({ pem, ...rest }))).toMatchObject({
      code: 'invalid_certificate',
      message: expect.stringContaining(`The PEM text is ${words}`),
    });
  });

  test.each([
    ['a PKCS#12 file (PFX); give it to readPkcs12', pkcs12],
    ['PEM text; give it to readCertificate as pem, or as privateKey if it holds the key alone', Buffer.from(pair('p256'))],
    ['a private key in DER (PKCS#8)', inDer('p256', 'pkcs8')],
    ['neither PEM nor DER of a kind that is known here', Buffer.from('daemon')],
    ['neither PEM nor DER of a kind that is known here', derOf('p256').subarray(0, -1)],
    ['neither PEM nor DER of a kind that is known here', Buffer.alloc(0)],
    ['of type string; give a Uint8Array', fixture('p256.crt.pem') as unknown as Uint8Array],
  ])('CE-03: as der, %s', (words, der) => {
    expect(thrown(() => read({ der, privateKey: inDer('p256', 'pkcs8'), ...rest }))).toMatchObject({
      code: 'invalid_certificate',
      message: expect.stringContaining(`The certificate is ${words}`),
    });
  });

  test.each([
    ['invalid_credential', 'a PKCS#12 file (PFX); give it to readPkcs12', pkcs12],
    ['invalid_credential', 'a certificate in DER', derOf('p256')],
    ['invalid_credential', 'neither PEM nor DER of a kind that is known here', Buffer.from('daemon')],
    ['invalid_credential', '5; give a string or octets', 5 as unknown as Uint8Array],
    ['invalid_credential', 'null; give a string or octets', null as unknown as Uint8Array],
  ])('CE-02: as privateKey it is %s: %s', (code, words, privateKey) => {
    expect(thrown(() => read({ der: derOf('p256'), privateKey, ...rest }))).toMatchObject({
      code,
      message: expect.stringContaining(`The private key is ${words}`),
    });
  });
});

describe('refused', () => {
  test.each([
    ['text', ' '.repeat(1024 * 1024 + 1)],
    ['octets', Buffer.alloc(1024 * 1024 + 1)],
  ])('CE-02: a key file of more than 1 MiB, as %s', (_, privateKey) => {
    expect(thrown(() => readCertificate({ pem: fixture('p256.crt.pem'), privateKey, nowMs }))).toMatchObject({
      code: 'invalid_credential',
      message: 'The private key has 1048577 bytes; more than 1048576 is refused',
    });
  });

  test('CE-01, CE-02: a key file in PEM that is cut off, or has too many blocks', () => {
    const read = (privateKey: string) => thrown(() => readCertificate({ pem: fixture('p256.crt.pem'), privateKey, nowMs }));
    expect(read(fixture('p256.key.pem').slice(0, -10))).toMatchObject({
      code: 'invalid_credential',
      message: expect.stringContaining('cut off'),
    });
    expect(read('-----BEGIN A-----\n-----END A-----\n'.repeat(257))).toMatchObject({
      code: 'invalid_credential',
      message: expect.stringContaining('The private key has more than 256 blocks'),
    });
  });

  test('CE-03: a certificate that cannot be read', () => {
    const der = sequence(sequence(), sequence(), element(0x03, Buffer.from([0])));
    expect(thrown(() => readCertificate({ der, privateKey: inDer('p256', 'pkcs8'), nowMs }))).toMatchObject({
      code: 'invalid_certificate',
      message: expect.stringContaining('damaged'),
    });
  });

  test.each([
    ['PKCS#8', sequence(element(0x02, Buffer.from([0])), sequence(), element(0x04))],
    ['PKCS#1', sequence(element(0x02, Buffer.from([0])), element(0x02, Buffer.from([0])))],
    ['SEC 1', sequence(element(0x02, Buffer.from([1])), element(0x04))],
  ])('CE-02: a key in %s that cannot be read', (_, privateKey) => {
    expect(thrown(() => readCertificate({ der: derOf('p256'), privateKey, nowMs }))).toMatchObject({
      code: 'invalid_credential',
      message: expect.stringMatching(/^The private key is not one that this runtime can read; try: openssl pkcs8 -topk8 -in/),
    });
  });

  test.each([
    [undefined, 'no passphrase was given'],
    ['wrong', 'does not open with the passphrase given'],
  ])('CE-02: an encrypted key in DER with the passphrase %j', (passphrase, words) => {
    expect(thrown(() => readCertificate({ der: derOf('p256'), privateKey: encrypted('p256'), passphrase, nowMs }))).toMatchObject({
      code: 'wrong_passphrase',
      message: expect.stringContaining(words),
    });
  });

  test('CE-06: a key of another certificate, a certificate without a key', () => {
    expect(thrown(() => readCertificate({ der: derOf('p256'), privateKey: inDer('p384', 'sec1'), nowMs }))).toMatchObject({
      code: 'certificate_key_mismatch',
    });
    expect(thrown(() => readCertificate({ der: derOf('p256'), nowMs }))).toMatchObject({ code: 'invalid_credential' });
  });

  test('a certificate given twice, or not at all', () => {
    const both = { pem: pair('p256'), der: derOf('p256'), nowMs } as unknown as Parameters<typeof readCertificate>[0];
    expect(thrown(() => readCertificate(both))).toMatchObject({ code: 'invalid_certificate', message: expect.stringContaining('twice') });
    const none = { privateKey: fixture('p256.key.pem'), nowMs } as unknown as Parameters<typeof readCertificate>[0];
    expect(thrown(() => readCertificate(none))).toMatchObject({
      code: 'invalid_certificate',
      message: expect.stringContaining('undefined'),
    });
  });
});
