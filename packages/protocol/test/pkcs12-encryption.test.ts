import { describe, expect, test } from 'vitest';
import { VALID_AT_MS } from '../../../test/support/certificates.ts';
import { readPkcs12 } from '../src/pkcs12.ts';
import {
  bag,
  certificateBag,
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

const nowMs = VALID_AT_MS;

/** RFC 8018 §6.2: a safe encrypted under the passphrase "x". */
function pbes2Safe(
  content: Uint8Array,
  options: {
    readonly prf?: readonly [string, string];
    readonly keyLength?: boolean;
    readonly derivation?: string;
    readonly cipher?: string;
  } = {},
): Buffer {
  return encryptedData(pbes2(options), encryptedByPbes2(content, options.prf?.[1] ?? 'sha1'));
}

describe('PBES2', () => {
  const content = sequence(bag(1, keyOf('p256')), certificateBag(derOf('p256')));

  test.each([
    ['HMAC-SHA-1, as none is named', {}],
    ['HMAC-SHA-1, as none is named, and a key length', { keyLength: true }],
    ['HMAC-SHA-1', { prf: ['1.2.840.113549.2.7', 'sha1'] as const }],
    ['HMAC-SHA-224', { prf: ['1.2.840.113549.2.8', 'sha224'] as const }],
    ['HMAC-SHA-256 and a key length', { prf: ['1.2.840.113549.2.9', 'sha256'] as const, keyLength: true }],
    ['HMAC-SHA-384', { prf: ['1.2.840.113549.2.10', 'sha384'] as const }],
    ['HMAC-SHA-512', { prf: ['1.2.840.113549.2.11', 'sha512'] as const }],
  ])('CE-08: %s is read', async (_, options) => {
    expect((await readPkcs12(pfx([pbes2Safe(content, options)]), { passphrase: 'x', nowMs })).subject).toBe('CN=p256, O=Contoso');
  });

  test.each([
    ['derives a key by 1.3.6.1.4.1.11591.4.11', { derivation: '1.3.6.1.4.1.11591.4.11' }],
    ['derives a key with 1.2.840.113549.2.13', { prf: ['1.2.840.113549.2.13', 'sha512-256'] as const }],
    ['encrypts with 2.16.840.1.101.3.4.1.46', { cipher: '2.16.840.1.101.3.4.1.46' }],
  ])('CE-08: a file that %s is refused with the command that converts it', async (words, options) => {
    await expect(readPkcs12(pfx([pbes2Safe(content, options)]), { passphrase: 'x', nowMs })).rejects.toMatchObject({
      code: 'unsupported_pkcs12',
      message: expect.stringMatching(`^The PKCS#12 file ${words}\\. Convert it`),
    });
  });

  test('CE-08: a key bag inside an encrypted safe is held to the same count of iterations', async () => {
    const nested = (iterations: string): Buffer => {
      const shrouded = bag(2, sequence(pbes2({ iterations }), octetString(encryptedByPbes2(keyOf('p256'), 'sha1'))));
      return pfx([pbes2Safe(sequence(shrouded, certificateBag(derOf('p256'))))]);
    };
    expect((await readPkcs12(nested('01'), { passphrase: 'x', nowMs })).subject).toBe('CN=p256, O=Contoso');
    await expect(readPkcs12(nested('0186a1'), { passphrase: 'x', nowMs })).rejects.toMatchObject({
      code: 'unsupported_pkcs12',
      message: expect.stringContaining('asks for 100001 iterations, more than maxIterations (100000)'),
    });
  });

  test('CE-08: content under another passphrase than the MAC says so', async () => {
    await expect(readPkcs12(pfx([pbes2Safe(content)], { passphrase: 'y' }), { passphrase: 'y', nowMs })).rejects.toMatchObject({
      code: 'unsupported_pkcs12',
      message: expect.stringContaining('-twopass'),
    });
  });
});

test.each([
  ['RC2', '1.2.840.113549.1.12.1.6'],
  ['triple DES', '1.2.840.113549.1.12.1.3'],
])('CE-08: %s that does not come out even says so', async (_, scheme) => {
  const algorithm = sequence(oid(scheme), sequence(octetString(Buffer.from('salt')), integer('01')));
  await expect(readPkcs12(pfx([encryptedData(algorithm, Buffer.alloc(7))]), { passphrase: 'x', nowMs })).rejects.toMatchObject({
    code: 'unsupported_pkcs12',
    message: expect.stringContaining('does not open with the passphrase of its MAC'),
  });
});
