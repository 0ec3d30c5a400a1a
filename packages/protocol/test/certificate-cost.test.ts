/** Files that would keep their reader busy: each is read or refused in a moment, and only what real files need is computed. */
import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fixture, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { readCertificate, readPublicCertificate } from '../src/certificate/certificate.ts';
import { readPkcs12 } from '../src/pkcs12.ts';
import { certificateOf } from './forged-certificate.ts';
import {
  bag,
  certificateBag,
  data,
  derOf,
  encryptedByPbes2,
  encryptedData,
  integer,
  keyOf,
  octetString,
  oid,
  pbes2,
  pfx,
  sequence,
} from './pkcs12-builder.ts';
import { thrown } from './thrown.ts';

const nowMs = VALID_AT_MS;

test.each([' ', '\t', '\r', ' \n', '\r\r\n', '\n \r'])(
  'CE-01: a million of %j inside a block cost no more than any million characters',
  (blank) => {
    const pem = `-----BEGIN CERTIFICATE-----${blank.repeat(1_000_000 / blank.length)}x-----END CERTIFICATE-----`;
    expect(thrown(() => readCertificate({ pem, nowMs }))).toMatchObject({ code: 'invalid_certificate' });
  },
);

describe('certificates', () => {
  const refusal = {
    code: 'invalid_certificate',
    message: "There are 33 certificates in what was given, more than 32; give the client's own chain alone",
  };
  const bags = (count: number) => pfx([data(sequence(bag(1, keyOf('p256')), ...Array(count).fill(certificateBag(derOf('p256')))))]);

  test('CE-07: 32 are read, 33 refused, with a key, without, and in PKCS#12', async () => {
    const many = (count: number) => ({ pem: fixture('p256.crt.pem').repeat(count), privateKey: fixture('p256.key.pem'), nowMs });
    expect(readCertificate(many(32)).x5c).toHaveLength(1);
    expect(readPublicCertificate(many(32)).x5c).toHaveLength(1);
    expect((await readPkcs12(bags(32), { passphrase: 'x', nowMs })).x5c).toHaveLength(1);
    expect(thrown(() => readCertificate(many(33)))).toMatchObject(refusal);
    expect(thrown(() => readPublicCertificate(many(33)))).toMatchObject(refusal);
    await expect(readPkcs12(bags(33), { passphrase: 'x', nowMs })).rejects.toMatchObject(refusal);
  });

  test('JO-09: of certificates of one name that all certify each other, ten make the chain', () => {
    const serialNumbers = Array.from({ length: 12 }, (_, index) => (index + 16).toString(16));
    const all = serialNumbers.map((serialNumber) => certificateOf({ subject: 'a', issuer: 'a', key: 'rsa', serialNumber }));
    const { x5c } = readCertificate({ pem: all.join(''), privateKey: fixture('rsa.key.pem'), nowMs });
    expect(x5c).toEqual(all.slice(0, 10).map((pem) => new X509Certificate(pem).raw.toString('base64')));
  });
});

describe('encrypted keys', () => {
  const scrypt = (...costs: readonly string[]) =>
    sequence(
      oid('1.2.840.113549.1.5.13'),
      sequence(
        sequence(oid('1.3.6.1.4.1.11591.4.11'), sequence(octetString(Buffer.from('salt')), ...costs.map(integer))),
        sequence(oid('2.16.840.1.101.3.4.1.42'), octetString(Buffer.alloc(16))),
      ),
    );
  const pbe = (scheme: string, iterations: string) =>
    sequence(oid(scheme), sequence(octetString(Buffer.from('saltsalt')), integer(iterations)));
  const tripleDes = (iterations: string) => pbe('1.2.840.113549.1.12.1.3', iterations);
  const keyWith = (algorithm: Buffer) => sequence(algorithm, octetString(Buffer.alloc(32, 7)));
  const inPem = (der: Buffer) => `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${der.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
  const failure = (privateKey: string | Buffer) =>
    thrown(() => readCertificate({ pem: fixture('p256.crt.pem'), privateKey, passphrase: 'x', nowMs }));

  test.each([
    ['PBKDF2, one too many', pbes2({ iterations: '0f4241' }), 1_000_001],
    ['PBKDF2, 2^31 - 1', pbes2({ iterations: '7fffffff' }), 2 ** 31 - 1],
    ['PBKDF2, 2^1000', pbes2({ iterations: `01${'00'.repeat(125)}` }), 2 ** 1000],
    ['triple DES', tripleDes('0f4241'), 1_000_001],
    ['scrypt, too large', scrypt('020000', '08', '01'), 2 ** 20],
    ['scrypt, too often', scrypt('4000', '08', '4000'), 2 ** 31],
  ])('CE-02: %s: no round is computed, in PEM or in DER', (_, algorithm, rounds) => {
    const refusal = {
      code: 'invalid_credential',
      message:
        `The private key asks for ${rounds} rounds of key derivation, more than 1000000; encrypt it anew: ` +
        'openssl pkcs8 -topk8 -iter 100000 -in key.pem -out key-pkcs8.pem',
    };
    expect(failure(keyWith(algorithm))).toMatchObject(refusal);
    expect(failure(inPem(keyWith(algorithm)))).toMatchObject(refusal);
  });

  test.each([
    ['1,000,000 iterations of PBKDF2', pbes2({ iterations: '0f4240' })],
    ['1,000,000 iterations for triple DES', tripleDes('0f4240')],
    ["OpenSSL's scrypt", scrypt('4000', '08', '01')],
  ])('CE-02: %s are computed', (_, algorithm) => {
    expect(failure(inPem(keyWith(algorithm)))).toMatchObject({ code: 'wrong_passphrase' });
  });

  test.each([
    ['without an algorithm', inPem(sequence(sequence(), octetString(Buffer.alloc(8))))],
    ['without iterations', inPem(keyWith(sequence(oid('1.2.840.113549.1.12.1.3'), sequence(octetString(Buffer.alloc(8))))))],
    ['in RC2', inPem(keyWith(pbe('1.2.840.113549.1.12.1.6', '01')))],
    ['in DES with MD5', inPem(keyWith(pbe('1.2.840.113549.1.5.3', '01')))],
  ])('CE-02: a key %s is unreadable, and the command opens old encryptions too', (_, key) => {
    expect(failure(key)).toMatchObject({
      code: 'invalid_credential',
      message:
        'The private key is not one that this runtime can read; try: ' +
        'openssl pkcs8 -topk8 -provider legacy -provider default -in key.pem -out key-pkcs8.pem',
    });
  });

  test('CE-02: a block of another content than its label says is called by its name', () => {
    expect(failure(inPem(keyOf('p256').subarray(1)))).toMatchObject({ message: expect.stringContaining('neither PEM nor DER') });
    expect(failure(inPem(derOf('p256')))).toMatchObject({ message: expect.stringContaining('a certificate in DER') });
  });

  test('CE-02: eight keys of a file are opened, the ninth is one too many', () => {
    const others = (count: number) => fixture('p384.key.pem').repeat(count) + pair('p256');
    expect(readCertificate({ pem: others(7), nowMs }).subject).toBe('CN=p256, O=Contoso');
    expect(thrown(() => readCertificate({ pem: others(8), nowMs }))).toMatchObject(TOO_MANY_KEYS);
  });
});

describe('PKCS#12', () => {
  const options = { passphrase: 'x', nowMs };
  const shroudedKey = bag(2, sequence(pbes2(), octetString(encryptedByPbes2(keyOf('p256')))));

  test('CE-08: eight keys are opened, the ninth is one too many', async () => {
    const keys = (count: number) => pfx([data(sequence(...Array(count).fill(shroudedKey), certificateBag(derOf('p256'))))]);
    expect((await readPkcs12(keys(8), options)).subject).toBe('CN=p256, O=Contoso');
    await expect(readPkcs12(keys(9), options)).rejects.toMatchObject(TOO_MANY_KEYS);
  });

  /** With a MAC and a safe of one iteration each, and keys of as many. */
  const withKeys = (count: number, ...others: readonly Buffer[]) => {
    const bags = sequence(...Array(count).fill(shroudedKey), certificateBag(derOf('p256')));
    return pfx([encryptedData(pbes2(), encryptedByPbes2(bags)), ...others], { iterations: '01' });
  };
  /** One more iteration, and no plaintext. */
  const tripleDes = encryptedData(
    sequence(oid('1.2.840.113549.1.12.1.3'), sequence(octetString(Buffer.from('salt')), integer('01'))),
    Buffer.alloc(8),
  );

  test('CE-08: all derivations of a file together repeat four times maxIterations at most', async () => {
    const least = { ...options, maxIterations: 1 };
    expect((await readPkcs12(withKeys(2), least)).subject).toBe('CN=p256, O=Contoso');
    await expect(readPkcs12(withKeys(1, tripleDes), least)).rejects.toMatchObject({ message: expect.stringContaining('-twopass') });
    const refusal = {
      code: 'unsupported_pkcs12',
      message: expect.stringContaining('asks for more iterations in all than 4 times maxIterations (1)'),
    };
    await expect(readPkcs12(withKeys(3), least)).rejects.toMatchObject(refusal);
    await expect(readPkcs12(withKeys(2, tripleDes), least)).rejects.toMatchObject(refusal);
  });

  test('CE-04, CE-08: a missing time is noticed before anything is derived, and missing options are', async () => {
    const octets = pfx([], { passphrase: 'y' });
    for (const given of [undefined, null, {}, { passphrase: 'x', nowMs: '0' }]) {
      await expect(readPkcs12(octets, given as unknown as typeof options)).rejects.toMatchObject({
        code: 'invalid_parameter',
        message: expect.stringMatching(/^nowMs is /),
      });
    }
  });
});

const TOO_MANY_KEYS = {
  code: 'invalid_credential',
  message: "There are more than 8 private keys in one file; give the client's own alone",
};
