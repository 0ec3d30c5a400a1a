import { createHash, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { fixture, pair, VALID_AT_MS } from '../../../test/support/certificates.ts';
import { readCertificate } from '../src/certificate/certificate.ts';
import { thrown } from './thrown.ts';

const nowMs = VALID_AT_MS;
const THUMBPRINT = createHash('sha256')
  .update(new X509Certificate(fixture('rsa.crt.pem')).raw)
  .digest('base64url');

test.each([
  ['trailing blanks', (pem: string) => pem.replaceAll('\n', ' \t\n')],
  ['indentation', (pem: string) => pem.replaceAll('\n', '\n  \t')],
  ['line ends of CR alone', (pem: string) => pem.replaceAll('\n', '\r')],
  ['line ends of CR, CR and LF', (pem: string) => pem.replaceAll('\n', '\r\r\n')],
  ['one long line', (pem: string) => pem.replaceAll(/\n(?!-)/g, '').replaceAll(/(BEGIN [A-Z ]+-----)/g, '$1\n')],
  ['a byte order mark', (pem: string) => `\uFEFF${pem}`],
  ['a public key and parameters between', (pem: string) => `-----BEGIN EC PARAMETERS-----\nBggq\n-----END EC PARAMETERS-----\n${pem}`],
])('CE-01: %s are no hindrance', (_, change) => {
  expect(readCertificate({ pem: change(pair('rsa')), nowMs }).x5tS256).toBe(THUMBPRINT);
});

test.each(['rsa.with-prose.pem', 'rsa.crlf.pem'])('CE-01: %s, with prose between its blocks, is read', (name) => {
  expect(readCertificate({ pem: fixture(name), nowMs }).x5tS256).toBe(THUMBPRINT);
});

test('CE-01: octets are read like text', () => {
  expect(readCertificate({ pem: new TextEncoder().encode(pair('rsa')), nowMs }).subject).toBe('CN=rsa, O=Contoso');
});

test.each([
  ['UTF-16LE', Buffer.from('fffe', 'hex'), (utf16: Buffer) => utf16],
  ['UTF-16BE', Buffer.from('feff', 'hex'), (utf16: Buffer) => utf16.swap16()],
  ['UTF-8 with a byte order mark', Buffer.from('efbbbf', 'hex'), (utf16: Buffer) => Buffer.from(utf16.toString('utf16le'))],
])('CE-01: octets in %s, as PowerShell writes them, are read', (_, mark, encode) => {
  const inFile = (text: string): Buffer => Buffer.concat([mark, encode(Buffer.from(text, 'utf16le'))]);
  const [pem, privateKey] = [inFile(fixture('rsa.crt.pem')), inFile(fixture('rsa.key.pem'))];
  expect(readCertificate({ pem, privateKey, nowMs }).subject).toBe('CN=rsa, O=Contoso');
  expect(thrown(() => readCertificate({ der: pem, nowMs }))).toMatchObject({ message: expect.stringContaining('is PEM text') });
});

test.each([
  ['UTF-16 read as UTF-8', Buffer.from(`\uFEFF${pair('rsa')}`, 'utf16le').toString('utf8'), 'save it as UTF-8'],
  ['UTF-16 without a mark', Buffer.from(pair('rsa'), 'utf16le'), 'save it as UTF-8'],
  ['line breaks spelled out', pair('rsa').replaceAll('\n', '\\n'), 'replace each \\n by a line break'],
])('CE-01: %s is called by its name', (_, pem, words) => {
  expect(thrown(() => readCertificate({ pem, nowMs }))).toMatchObject({
    code: 'invalid_certificate',
    message: expect.stringContaining(words),
  });
});

test('CE-01: a path with a backslash between the blocks is prose', () => {
  expect(readCertificate({ pem: `C:\\new\n${pair('rsa')}`, nowMs }).subject).toBe('CN=rsa, O=Contoso');
});
