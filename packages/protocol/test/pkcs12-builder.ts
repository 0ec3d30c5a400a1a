/** Writes PKCS#12 files element by element, for those that openssl will not write. */
import { createCipheriv, createHmac, createPrivateKey, pbkdf2Sync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import forge from 'node-forge';
import { fixture } from '../../../test/support/certificates.ts';

/** An element of DER; with several parts, all of them in a row. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const digits = Buffer.from(content.length.toString(16).replace(/^.(..)*$/, '0$&'), 'hex');
  return Buffer.concat([Buffer.from(content.length < 0x80 ? [tag, content.length] : [tag, 0x80 + digits.length, ...digits]), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => element(0x30, ...parts);
const explicit = (part: Uint8Array): Buffer => element(0xa0, part);
export const octetString = (octets: Uint8Array): Buffer => element(0x04, octets);
export const integer = (hex: string): Buffer => element(0x02, Buffer.from(hex, 'hex'));
export const oid = (dotted: string): Buffer => element(0x06, Buffer.from(forge.asn1.oidToDer(dotted).getBytes(), 'latin1'));

/** A ContentInfo of the kind `data`. */
export const data = (content: Uint8Array): Buffer => sequence(oid('1.2.840.113549.1.7.1'), explicit(octetString(content)));

/** A ContentInfo of the kind `encryptedData`. */
export const encryptedData = (algorithm: Uint8Array, ciphertext: Uint8Array): Buffer =>
  sequence(
    oid('1.2.840.113549.1.7.6'),
    explicit(sequence(integer('00'), sequence(oid('1.2.840.113549.1.7.1'), algorithm, element(0x80, ciphertext)))),
  );

/** A bag by its number under 1.2.840.113549.1.12.10.1: 1 key, 2 shrouded key, 3 certificate, 4 CRL. */
export const bag = (number: number, value: Uint8Array): Buffer => sequence(oid(`1.2.840.113549.1.12.10.1.${number}`), explicit(value));

export const certificateBag = (der: Uint8Array, kind = '1.2.840.113549.1.9.22.1'): Buffer =>
  bag(3, sequence(oid(kind), explicit(octetString(der))));

/** A file of the fixtures. */
export function pfxFile(name: string): Buffer {
  return readFileSync(new URL(`../../../test/fixtures/pkcs12/${name}`, import.meta.url));
}

/** The certificate of the fixtures with this name, in DER. */
export const derOf = (name: string): Buffer => new X509Certificate(fixture(`${name}.crt.pem`)).raw;

/** Its key, in PKCS#8. */
export const keyOf = (name: string): Buffer => createPrivateKey(fixture(`${name}.key.pem`)).export({ format: 'der', type: 'pkcs8' });

/** Both, in bags without encryption. */
export const plainSafe = (name: string): Buffer => data(sequence(bag(1, keyOf(name)), certificateBag(derOf(name))));

/** A file whose MAC is right. `iterations` in hexadecimal; absent, the element is left out, which means one. */
export function pfx(
  safes: readonly Uint8Array[],
  options: { readonly passphrase?: string | null; readonly iterations?: string; readonly macOctets?: number } = {},
): Buffer {
  return sealed(sequence(...safes), options);
}

/** The same, around whatever octets. */
export function sealed(
  content: Uint8Array,
  {
    passphrase = 'x',
    iterations,
    macOctets = 20,
  }: { readonly passphrase?: string | null; readonly iterations?: string; readonly macOctets?: number } = {},
): Buffer {
  const salt = Buffer.from('0102030405060708', 'hex');
  const count = iterations === undefined ? 1 : Number.parseInt(iterations, 16);
  const mac = createHmac('sha1', derived({ passphrase, purpose: 3, salt, count, octets: 20 }))
    .update(content)
    .digest();
  const digestInfo = sequence(sequence(oid('1.3.14.3.2.26'), element(0x05)), octetString(mac.subarray(0, macOctets)));
  const macData = sequence(digestInfo, octetString(salt), ...(iterations === undefined ? [] : [integer(iterations)]));
  return sequence(integer('03'), data(content), macData);
}

/** RFC 7292 Appendix B.2 with SHA-1. */
export function derived(options: {
  readonly passphrase: string | null;
  readonly purpose: number;
  readonly salt: Buffer;
  readonly count: number;
  readonly octets: number;
}): Buffer {
  const salt = forge.util.createBuffer(options.salt.toString('latin1'));
  // A file that asks for none at all is written too.
  const key = forge.pkcs12.generateKey(options.passphrase, salt, options.purpose, Math.max(options.count, 1), options.octets);
  return Buffer.from(key.getBytes(), 'latin1');
}

/** The AlgorithmIdentifier of PBES2, with PBKDF2 and AES-256; `iterations` in hexadecimal. RFC 8018 Appendix A.4. */
export function pbes2({
  prf,
  keyLength = false,
  iterations = '01',
  derivation = '1.2.840.113549.1.5.12',
  cipher = '2.16.840.1.101.3.4.1.42',
}: {
  readonly prf?: readonly [string, string];
  readonly keyLength?: boolean;
  readonly iterations?: string;
  readonly derivation?: string;
  readonly cipher?: string;
} = {}): Buffer {
  const parameters = sequence(
    octetString(Buffer.from('salt')),
    integer(iterations),
    ...(keyLength ? [integer('20')] : []),
    ...(prf === undefined ? [] : [sequence(oid(prf[0]), element(0x05))]),
  );
  const encryption = sequence(oid(cipher), octetString(Buffer.alloc(16)));
  return sequence(oid('1.2.840.113549.1.5.13'), sequence(sequence(oid(derivation), parameters), encryption));
}

/** What is encrypted so with one iteration, under the passphrase "x". */
export function encryptedByPbes2(content: Uint8Array, digest = 'sha1'): Buffer {
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync('x', 'salt', 1, 32, digest), Buffer.alloc(16));
  return Buffer.concat([cipher.update(content), cipher.final()]);
}
