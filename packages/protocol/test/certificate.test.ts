import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { fixture, PASSPHRASE, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { certificateSigner, readCertificate, readPublicCertificate } from '../src/certificate/certificate.ts';
import { requireInForce, type Validity } from '../src/certificate/validity.ts';
import { certificateFor } from './certificate-builder.ts';
import { certificateOf } from './forged-certificate.ts';
import { thrown } from './thrown.ts';

const nowMs = VALID_AT_MS;

/** "rsa sha1 Fingerprint=66:FB:…", as openssl printed it, to the text form of RFC 7515. */
function opensslThumbprint(name: string, digest: 'sha1' | 'sha256'): string {
  const line =
    fixture('fingerprints.txt')
      .split('\n')
      .find((candidate) => candidate.startsWith(`${name} ${digest} `)) ?? '';
  return Buffer.from(line.slice(line.indexOf('=') + 1).replaceAll(':', ''), 'hex').toString('base64url');
}

test.each(['rsa', 'p256', 'p384', 'p521', 'ed25519', 'leaf'])(
  'CE-03, JO-10, JO-11: the thumbprints of %s are those of openssl and of X509Certificate',
  (name) => {
    const certificate = readCertificate({ pem: pair(name), nowMs });
    const oracle = new X509Certificate(fixture(`${name}.crt.pem`));
    expect(certificate.x5t).toBe(opensslThumbprint(name, 'sha1'));
    expect(certificate.x5tS256).toBe(opensslThumbprint(name, 'sha256'));
    expect(certificate.x5tS256).toBe(Buffer.from(oracle.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'));
    expect(certificate.thumbprintHex).toBe(oracle.fingerprint.replaceAll(':', ''));
  },
);

test("CE-09: the manifest's values are base64 of the SHA-1 digest and of the DER", () => {
  const { manifest, thumbprintHex, x5c } = readCertificate({ pem: pair('rsa'), nowMs });
  expect(Buffer.from(manifest.customKeyIdentifier, 'base64').toString('hex').toUpperCase()).toBe(thumbprintHex);
  expect(manifest.key).toBe(x5c[0]);
});

test.each([
  ['PKCS#8', 'rsa.key.pem', undefined],
  ['PKCS#1', 'rsa.pkcs1.key.pem', undefined],
  ['encrypted PKCS#8', 'rsa.encrypted.key.pem', PASSPHRASE],
  ["OpenSSL's older encryption", 'rsa.legacy-encrypted.key.pem', PASSPHRASE],
])('CE-02: a key in %s is read', (_, key, passphrase) => {
  const certificate = readCertificate({ pem: fixture('rsa.crt.pem'), privateKey: fixture(key), passphrase, nowMs });
  expect(certificate.x5tS256).toBe(opensslThumbprint('rsa', 'sha256'));
});

test('CE-02: an EC key in SEC 1 form is read', () => {
  expect(readCertificate({ pem: fixture('p256.crt.pem'), privateKey: fixture('p256.sec1.key.pem'), nowMs }).algorithms).toEqual(['ES256']);
});

test('MT-05: a certificate renewed for the same key has another thumbprint, so it is another one to whatever keys on it', () => {
  const [first, renewed] = ['p256', 'p256-renewed'].map((name) =>
    readCertificate({ pem: fixture(`${name}.crt.pem`), privateKey: fixture('p256.key.pem'), nowMs }),
  );
  expect(renewed?.algorithms).toEqual(first?.algorithms);
  expect(renewed?.x5tS256).not.toBe(first?.x5tS256);
});

test.each(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'])('CE-02: a certificate under the label "%s" is read', (label) => {
  const pem = pair('rsa').replaceAll('CERTIFICATE', label);
  expect(readCertificate({ pem, nowMs }).x5tS256).toBe(opensslThumbprint('rsa', 'sha256'));
});

test('CE-02, CE-03: what openssl adds to a trusted certificate is no part of it', () => {
  const trusted = readCertificate({ pem: fixture('p256.trusted.crt.pem'), privateKey: fixture('p256.key.pem'), nowMs });
  expect(trusted).toEqual(readCertificate({ pem: pair('p256'), nowMs }));
});

test.each(['CERTIFICATE REQUEST', 'PKCS7', 'NEW CERTIFICATE'])('CE-02: a block under the label "%s" is no certificate', (label) => {
  expect(thrown(() => readCertificate({ pem: pair('rsa').replaceAll('CERTIFICATE', label), nowMs }))).toMatchObject({
    code: 'invalid_certificate',
    message: expect.stringContaining('no certificate'),
  });
});

test.each([[5], [{}], [true], [null]])('CC-32: the passphrase %j is no text, and refused as such', (passphrase) => {
  const options = {
    pem: fixture('rsa.crt.pem'),
    privateKey: fixture('rsa.encrypted.key.pem'),
    passphrase: passphrase as unknown as string,
  };
  expect(thrown(() => readCertificate({ ...options, nowMs }))).toMatchObject({
    code: 'invalid_parameter',
    message: `The passphrase is of type ${typeof passphrase}; give a string`,
  });
});

test.each([[undefined], [null], [5]])('CE-01: where there are no options but %j, that is said', (options) => {
  for (const read of [readCertificate, readPublicCertificate]) {
    expect(thrown(() => read(options as unknown as Parameters<typeof read>[0]))).toMatchObject({
      code: 'invalid_certificate',
      message: 'The PEM text is undefined; give a string or octets',
    });
  }
});

test.each([
  ['as stored', (blocks: string[]) => blocks],
  ['reversed', (blocks: string[]) => blocks.toReversed()],
])(
  'CE-07, JO-09: of a bundle %s, the leaf is the certificate whose key matches, and its chain follows in order, without strangers',
  (_, order) => {
    const pem = order(fixture('chain.pem').split(/(?=-----BEGIN)/)).join('');
    const { subject, x5c } = readCertificate({ pem, privateKey: fixture('leaf.key.pem'), nowMs });
    expect(subject).toBe('CN=leaf, O=Contoso');
    const derOf = (name: string): string => new X509Certificate(fixture(`${name}.crt.pem`)).raw.toString('base64');
    expect(x5c).toEqual(['leaf', 'intermediate', 'root'].map(derOf));
  },
);

test.each([
  ['rsa', ['PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512']],
  ['p256', ['ES256']],
  ['p384', ['ES384']],
  ['p521', ['ES512']],
  ['ed25519', ['Ed25519']],
])('JO-03: the algorithms of a %s key are %j', (name, algorithms) => {
  expect(readCertificate({ pem: pair(name), nowMs }).algorithms).toEqual(algorithms);
});

test('JO-09: a certificate without its issuers is a chain of its own', () => {
  expect(readCertificate({ pem: pair('leaf'), nowMs }).x5c).toHaveLength(1);
});

test('JO-09: an issuer of the right name that signed nothing is no issuer', () => {
  const leaf = certificateOf({ subject: 'leaf', issuer: 'root', key: 'rsa' });
  const impostor = certificateOf({ subject: 'root', issuer: 'root', key: 'leaf' });
  const { subject, x5c } = readCertificate({ pem: impostor + leaf, privateKey: fixture('rsa.key.pem'), nowMs });
  expect(subject).toBe('CN=leaf');
  expect(x5c).toEqual([new X509Certificate(leaf).raw.toString('base64')]);
});

test('JO-09: an issuer whose key cannot be read is no issuer', () => {
  const leaf = certificateOf({ subject: 'leaf', issuer: 'root', key: 'rsa' });
  const { raw } = new X509Certificate(certificateOf({ subject: 'root', issuer: 'root', key: 'rsa' }));
  // rsaEncryption becomes an algorithm that nobody knows.
  const unknown = Buffer.from(raw.toString('hex').replace('2a864886f70d010101', '2a864886f70d010163'), 'hex').toString('base64');
  const pem = `-----BEGIN CERTIFICATE-----\n${unknown}\n-----END CERTIFICATE-----\n${leaf}`;
  expect(readCertificate({ pem, privateKey: fixture('rsa.key.pem'), nowMs }).x5c).toHaveLength(1);
});

test.each([
  [
    'certificate_key_mismatch',
    'CN=rsa',
    () => readCertificate({ pem: fixture('rsa.crt.pem'), privateKey: fixture('p256.key.pem'), nowMs }),
  ],
  ['weak_key', '1024 bits', () => readCertificate({ pem: pair('weak'), nowMs })],
  [
    'wrong_passphrase',
    'no passphrase',
    () => readCertificate({ pem: fixture('rsa.crt.pem'), privateKey: fixture('rsa.encrypted.key.pem'), nowMs }),
  ],
  [
    'wrong_passphrase',
    'does not open',
    () => readCertificate({ pem: fixture('rsa.crt.pem'), privateKey: fixture('rsa.encrypted.key.pem'), passphrase: 'wrong', nowMs }),
  ],
  [
    'wrong_passphrase',
    'does not open',
    () => readCertificate({ pem: fixture('rsa.crt.pem'), privateKey: fixture('rsa.legacy-encrypted.key.pem'), passphrase: '', nowMs }),
  ],
  ['certificate_expired', '2119', () => readCertificate({ pem: pair('rsa'), nowMs: Date.UTC(2120, 0) })],
  ['certificate_not_yet_valid', '2020', () => readCertificate({ pem: pair('rsa'), nowMs: Date.UTC(2019, 0) })],
  ['invalid_certificate', 'no certificate', () => readCertificate({ pem: fixture('rsa.key.pem'), nowMs })],
  ['invalid_credential', 'no private key', () => readCertificate({ pem: fixture('rsa.crt.pem'), nowMs })],
  ['invalid_certificate', 'cut off', () => readCertificate({ pem: pair('rsa').slice(0, -40), nowMs })],
  ['invalid_certificate', 'damaged', () => readCertificate({ pem: pair('rsa').replace('MII', '!!!'), nowMs })],
  [
    'invalid_credential',
    'openssl pkcs8',
    () => readCertificate({ pem: pair('p256').replace(/(BEGIN PRIVATE KEY-----\n)./, '$1!'), nowMs }),
  ],
  ['invalid_certificate', 'a string or octets', () => readCertificate({ pem: 5 as unknown as string, nowMs })],
  ['invalid_certificate', '1048576', () => readCertificate({ pem: ' '.repeat(1024 * 1024 + 1), nowMs })],
])('CE-01, CE-02, CE-04, CE-06, JO-04: bad input is %s, and the message says %j', (code, words, read) => {
  expect(thrown(read)).toMatchObject({ code, transient: false, message: expect.stringContaining(words) });
});

test('a certificate that names nobody is read, and named by its fingerprint where it does not fit', () => {
  expect(readCertificate({ pem: pair('nameless'), nowMs }).subject).toBe('');
  const mismatch = thrown(() => readCertificate({ pem: fixture('nameless.crt.pem'), privateKey: fixture('rsa.key.pem'), nowMs }));
  expect(mismatch).toMatchObject({ code: 'certificate_key_mismatch', message: expect.stringMatching(/"[0-9A-F]{2}:/) });
});

test.each([
  [{}],
  [undefined],
  [null],
  ['-----BEGIN CERTIFICATE-----'],
  [{ notBeforeMs: 0 }],
  [{ notAfterMs: nowMs }],
  [{ notBeforeMs: 0, notAfterMs: Number.NaN }],
  [{ notBeforeMs: Number.NEGATIVE_INFINITY, notAfterMs: nowMs }],
  [{ notBeforeMs: '0', notAfterMs: nowMs }],
  [{ notBeforeMs: 0, notAfterMs: 8.64e15 + 1 }],
])('CE-04: what has no validity is not in force: %j', (certificate) => {
  expect(thrown(() => requireInForce(certificate as unknown as Validity, nowMs))).toMatchObject({
    code: 'invalid_certificate',
    message: 'The certificate has no validity; give the object that readCertificate returned',
  });
});

test('CE-04: a certificate is in force at both of its instants', () => {
  const validity = { subject: 'CN=a', notBeforeMs: nowMs, notAfterMs: nowMs };
  expect(() => requireInForce(validity, nowMs)).not.toThrow();
  expect(thrown(() => requireInForce(validity, nowMs - 1))).toMatchObject({ code: 'certificate_not_yet_valid' });
  expect(thrown(() => requireInForce(validity, nowMs + 1))).toMatchObject({ code: 'certificate_expired' });
});

test('CE-04: without a time no certificate is taken for valid', () => {
  expect(() => readCertificate({ pem: pair('rsa'), nowMs: Number.NaN })).toThrowError(
    expect.objectContaining({ code: 'invalid_parameter' }),
  );
});

test.each([
  ['rsa-pss', generateKeyPairSync('rsa-pss', { modulusLength: 2048 })],
  ['ed448', generateKeyPairSync('ed448')],
  ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
])('JO-03: a key of the kind %s, which no registered algorithm fits, is refused at once', (kind, { publicKey, privateKey }) => {
  const pem = certificateFor(publicKey);
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const refusal = {
    code: 'unsupported_algorithm',
    message: `The certificate's key is of the kind "${kind}", which no registered algorithm fits; use a plain RSA, P-256, P-384, P-521 or Ed25519 key`,
  };
  expect(thrown(() => readCertificate({ pem: pem + key, nowMs }))).toMatchObject(refusal);
  expect(thrown(() => readPublicCertificate({ pem, nowMs }))).toMatchObject(refusal);
});

test('an RSA key refuses an EC algorithm', () => {
  expect(() => certificateSigner(readCertificate({ pem: pair('rsa'), nowMs }), 'ES256')).toThrowError(
    expect.objectContaining({ code: 'unsupported_algorithm' }),
  );
});

test('CC-32: the private key shows in no print, and a copy of the object cannot sign', () => {
  const certificate = readCertificate({ pem: pair('rsa'), nowMs });
  const printed = inspect(certificate, { depth: 9, showHidden: true }) + JSON.stringify(certificate);
  expect(printed).not.toMatch(/PRIVATE|KeyObject/);
  expect(() => certificateSigner({ ...certificate })).toThrowError(expect.objectContaining({ code: 'invalid_credential' }));
});
