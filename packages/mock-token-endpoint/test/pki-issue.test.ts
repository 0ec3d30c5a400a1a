/** Certificates on demand, read by OpenSSL and by Node, and used: what an assertion or a TLS handshake is signed with. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IssuedCertificate, IssueRequest } from '../src/pki/issue.ts';
import { type Harness, NOW_MS, NOW_SECONDS, startHarness, thumbprint } from './harness.ts';
import { openssl } from './openssl.ts';

const DAY_MS = 86_400_000;
const EXPIRED = { notBeforeMs: NOW_MS - 2 * DAY_MS, notAfterMs: NOW_MS - DAY_MS };

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'issue' });
});
afterAll(() => harness.close());

const issue = (request?: IssueRequest) => harness.mock.issueCertificate(request);

/** Asks for a token with an assertion that the certificate's key has signed. */
async function present({ certificate, privateKey }: IssuedCertificate) {
  const x509 = new X509Certificate(certificate);
  const { mock } = harness;
  const claims = { aud: mock.tokenEndpoint, iss: mock.clientId, sub: mock.clientId, exp: NOW_SECONDS + 60, nbf: NOW_SECONDS };
  const assertion = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint(x509, 'sha256') })
    .sign(createPrivateKey(privateKey));
  const { status, json } = await harness.post(harness.assertionFields(assertion));
  return { status, codes: json.error_codes };
}

test('a certificate is RSA, of the authority, of the client and valid now unless asked otherwise', async () => {
  const issued = await issue();
  const x509 = new X509Certificate(issued.certificate);
  expect(x509.subject).toBe('CN=Mock daemon');
  expect(x509.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(x509.checkPrivateKey(createPrivateKey(issued.privateKey))).toBe(true);
  expect([Date.parse(x509.validFrom), Date.parse(x509.validTo)]).toEqual([NOW_MS - 300_000, NOW_MS + 365 * DAY_MS]);
  expect(await verify(issued.certificate, harness.mock.ca)).toMatch(/: OK$/);
});

test('an EC certificate has a key on P-256 and the signature of the authority, or of itself', async () => {
  const [issued, own] = await Promise.all([issue({ key: 'ec' }), issue({ key: 'ec', selfSigned: true, subject: 'Ünïcode & Co' })]);
  const text = await openssl(['x509', '-noout', '-text', '-in', { text: issued.certificate }]);
  expect(text).toMatch(/ASN1 OID: prime256v1/);
  expect(text).toMatch(/Signature Algorithm: sha256WithRSAEncryption/);
  expect(await verify(issued.certificate, harness.mock.ca)).toMatch(/: OK$/);
  const ownText = await openssl(['x509', '-noout', '-text', '-nameopt', 'utf8', '-in', { text: own.certificate }]);
  expect(ownText).toMatch(/Signature Algorithm: ecdsa-with-SHA256/);
  expect(ownText).toMatch(/Issuer: CN=Ünïcode & Co/);
  expect(await verify(own.certificate, own.certificate)).toMatch(/: OK$/);
  await expect(verify(own.certificate, harness.mock.ca)).rejects.toThrow('self-signed certificate');
});

test('a self-signed RSA certificate verifies with itself alone', async () => {
  const own = await issue({ selfSigned: true });
  expect(await verify(own.certificate, own.certificate)).toMatch(/: OK$/);
  expect(new X509Certificate(own.certificate).verify(new X509Certificate(harness.mock.ca).publicKey)).toBe(false);
});

test('certificates that have expired, are not valid yet or end past 2050 are to be had', async () => {
  const dates = async (request: IssueRequest) => {
    const text = await openssl([
      'x509',
      '-noout',
      '-dates',
      '-dateopt',
      'iso_8601',
      '-in',
      { text: (await issue({ ...request, key: 'ec' })).certificate },
    ]);
    return text.split('\n').map((line) => Date.parse(line.split('=')[1] ?? ''));
  };
  for (const validity of [EXPIRED, { notBeforeMs: NOW_MS + DAY_MS, notAfterMs: Date.UTC(2100, 0, 1) }]) {
    expect(await dates(validity)).toEqual([validity.notBeforeMs, validity.notAfterMs]);
  }
});

test('the own client may use what was registered, until reset, and nothing else', async () => {
  const [good, expired, foreign] = await Promise.all([issue(), issue(EXPIRED), issue({ registered: false })]);
  expect(await present(good)).toEqual({ status: 200 });
  expect(await present(expired)).toEqual({ status: 401, codes: [1000502] });
  expect(await present(foreign)).toEqual({ status: 401, codes: [700027] });
  harness.mock.reset();
  expect(await present(good)).toEqual({ status: 401, codes: [700027] });
});

test('its PFX file opens with its own password and no other, in OpenSSL and in Node', async () => {
  for (const key of ['rsa', 'ec'] as const) {
    const issued = await issue({ key });
    const { pfx, pfxPassword } = issued;
    const file = Buffer.from(pfx, 'base64');
    const text = await openssl(['pkcs12', '-in', { text: file }, '-passin', `pass:${pfxPassword}`, '-nodes']);
    expect(text).toContain(issued.certificate.trim());
    expect(text).toContain(issued.privateKey.trim());
    expect(() => createSecureContext({ pfx: file, passphrase: pfxPassword })).not.toThrow();
    expect(() => createSecureContext({ pfx: file, passphrase: 'guess' })).toThrow(/mac verify failure/);
  }
});

test('no two certificates have a serial number, a key or a password in common', async () => {
  const issued = await Promise.all([issue({ key: 'ec' }), issue({ key: 'ec' })]);
  for (const of of [serialOf, ({ privateKey }: IssuedCertificate) => privateKey, ({ pfxPassword }: IssuedCertificate) => pfxPassword]) {
    expect(new Set(issued.map(of)).size).toBe(2);
  }
});

test.each([
  [{ key: 'dsa' as 'ec' }, 'key is "dsa": give rsa or ec'],
  [{ notBeforeMs: Number.NaN }, 'notBeforeMs is NaN: give epoch milliseconds'],
  [{ notBeforeMs: NOW_MS, notAfterMs: NOW_MS - 1 }, 'the earlier first'],
  [{ notAfterMs: Date.UTC(10_000, 0, 1) }, 'of the years 1950 to 9999'],
  [{ subject: '' }, 'give 1 to 64 characters'],
  [{ subject: 'two\nlines' }, 'give 1 to 64 characters'],
  [{ subject: 'x'.repeat(65) }, 'give 1 to 64 characters'],
  [{ days: 3 } as IssueRequest, 'days is no option'],
])('%j is refused', async (request, message) => {
  await expect(issue({ key: 'ec', ...request })).rejects.toMatchObject({
    name: 'MockError',
    code: 'invalid_option',
    message: expect.stringContaining(message),
  });
});

function serialOf({ certificate }: IssuedCertificate): string {
  return new X509Certificate(certificate).serialNumber;
}

function verify(leaf: string, trusted: string): Promise<string> {
  return openssl([
    'verify',
    '-x509_strict',
    '-attime',
    String(NOW_SECONDS),
    '-purpose',
    'sslclient',
    '-CAfile',
    { text: trusted },
    { text: leaf },
  ]);
}
