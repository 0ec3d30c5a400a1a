/** Tells the formats of certificate and key files apart, so that the wrong one is called by its name. RFC 7468, RFC 5958, RFC 7292. */
import { ProtocolError } from '../errors.ts';
import { readElement, sequence } from './der.ts';

/** What a certificate or key file may turn out to be; all but `pem` are DER. */
export type FileFormat = 'pem' | 'certificate' | 'pkcs12' | 'pkcs8' | 'encrypted-pkcs8' | 'pkcs1' | 'sec1' | 'pkcs7';

/**
 * The format these octets look like, by the first elements they hold; `undefined` if like none. Nothing else is checked.
 *
 * @see RFC 7468 §2 https://www.rfc-editor.org/rfc/rfc7468#section-2
 * @see RFC 5958 §2 https://www.rfc-editor.org/rfc/rfc5958#section-2
 * @see RFC 7292 §4 https://www.rfc-editor.org/rfc/rfc7292#section-4
 */
export function fileFormat(octets: Uint8Array): FileFormat | undefined {
  const shape = outermostTags(octets);
  const format = SHAPES.find(([start]) => shape.startsWith(start))?.[1];
  return format ?? (textOf(octets).includes('-----BEGIN ') ? 'pem' : undefined);
}

/** These octets as text: UTF-8, or UTF-16 where a byte order mark says so, as PowerShell writes it. */
export function textOf(octets: Uint8Array): string {
  const mark = Buffer.from(octets.subarray(0, 2)).toString('hex');
  return new TextDecoder(UTF_16_MARKS.get(mark)).decode(octets);
}

/** What a file was given as. */
export interface FileRole {
  /** For messages: "The certificate". */
  readonly name: string;
  readonly code: 'invalid_certificate' | 'invalid_credential';
}

/**
 * A file as it was handed in, if it can be one at all.
 *
 * @throws {ProtocolError} with the role's code unless it is octets, at most 1 MiB of them
 */
export function requireOctets(file: unknown, role: FileRole): Uint8Array {
  if (!(file instanceof Uint8Array)) throw new ProtocolError(role.code, `${role.name} is of type ${typeof file}; give a Uint8Array`);
  requireSmall(file, role);
  return file;
}

/** Throws with the role's code for a file of more than 1 MiB. */
export function requireSmall(file: string | Uint8Array, { name, code }: FileRole): void {
  if (file.length > LARGEST_FILE) {
    throw new ProtocolError(code, `${name} has ${file.length} bytes; more than ${LARGEST_FILE} is refused`);
  }
}

/** The error for a file that stands where one of another format belongs: what it is, and where to give it. */
export function misplacedFile(format: FileFormat | undefined, { name, code }: FileRole): ProtocolError {
  return new ProtocolError(code, `${name} is ${format === undefined ? UNKNOWN : ADVICE[format]}`);
}

/** The identifier octets of what the outermost SEQUENCE holds, in hexadecimal; empty if it is none. */
function outermostTags(octets: Uint8Array): string {
  try {
    return Buffer.from(sequence(readElement(octets)).map(({ tag }) => tag)).toString('hex');
  } catch {
    return '';
  }
}

const UTF_16_MARKS: ReadonlyMap<string, string> = new Map([
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
]);

/** How each format starts: 02 INTEGER, 03 BIT STRING, 04 OCTET STRING, 06 OBJECT IDENTIFIER, 30 SEQUENCE, a0 `[0]`. */
const SHAPES: readonly (readonly [string, FileFormat])[] = [
  ['303003', 'certificate'],
  ['023004', 'pkcs8'],
  ['0230', 'pkcs12'],
  ['3004', 'encrypted-pkcs8'],
  ['0202', 'pkcs1'],
  ['0204', 'sec1'],
  ['06a0', 'pkcs7'],
];

const ADVICE: Readonly<Record<FileFormat, string>> = {
  pem: 'PEM text; give it to readCertificate as pem, or as privateKey if it holds the key alone',
  certificate: 'a certificate in DER; give it to readCertificate as der',
  pkcs12: 'a PKCS#12 file (PFX); give it to readPkcs12 of @client-credentials/protocol/pkcs12',
  pkcs8: 'a private key in DER (PKCS#8); give it to readCertificate as privateKey',
  'encrypted-pkcs8': 'an encrypted private key in DER (PKCS#8); give it to readCertificate as privateKey, with its passphrase',
  pkcs1: 'an RSA private key in DER (PKCS#1); give it to readCertificate as privateKey',
  sec1: 'an EC private key in DER (SEC 1); give it to readCertificate as privateKey',
  pkcs7:
    'a PKCS#7 bundle (p7b), which holds no private key; take out its certificates: openssl pkcs7 -inform DER -in bundle.p7b -print_certs',
};
const UNKNOWN = 'neither PEM nor DER of a kind that is known here; check whether it is the right file, and whole';

const LARGEST_FILE = 1024 * 1024;
