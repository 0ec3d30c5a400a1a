/** Reads private keys in PEM or DER: PKCS#8, plain or encrypted, and OpenSSL's older PKCS#1 and SEC 1 forms. RFC 7468 §10 and §11, RFC 5958. */
import { createPrivateKey, type KeyObject, type PrivateKeyInput } from 'node:crypto';
import { ProtocolError } from '../errors.ts';
import { type FileFormat, type FileRole, fileFormat, misplacedFile } from './file-format.ts';
import type { PemBlock } from './pem.ts';

/** Whether a PEM block holds a private key. @see RFC 7468 §10 https://www.rfc-editor.org/rfc/rfc7468#section-10 */
export function isPrivateKey(block: PemBlock): boolean {
  return /^(ENCRYPTED |RSA |EC )?PRIVATE KEY$/.test(block.label);
}

/**
 * The key in this block.
 *
 * @throws {ProtocolError} `wrong_passphrase` if it is encrypted and the passphrase is missing or wrong; `invalid_credential`
 *   if it cannot be read
 * @see RFC 7468 §10 https://www.rfc-editor.org/rfc/rfc7468#section-10
 */
export function readPrivateKey(block: PemBlock, passphrase: string | undefined): KeyObject {
  const encrypted = block.label.startsWith('ENCRYPTED') || block.text.includes('Proc-Type: 4,ENCRYPTED');
  return openKey({ key: block.text }, { name: `The block "${block.label}"`, encrypted, passphrase });
}

/**
 * The key that these octets are: PKCS#8, encrypted or not, PKCS#1 or SEC 1.
 *
 * @throws {ProtocolError} as `readPrivateKey`; `invalid_credential` too for a file of another format
 * @see RFC 5958 §2 and §3 https://www.rfc-editor.org/rfc/rfc5958#section-2
 */
export function readDerPrivateKey(der: Uint8Array, passphrase: string | undefined): KeyObject {
  const format = fileFormat(der);
  const type = DER_TYPES.get(format);
  if (type === undefined) throw misplacedFile(format, KEY_FILE);
  const encrypted = format === 'encrypted-pkcs8';
  return openKey({ key: Buffer.from(der), format: 'der', type }, { name: 'The private key in DER', encrypted, passphrase });
}

/** A file that holds the private key. */
export const KEY_FILE: FileRole = { name: 'The private key', code: 'invalid_credential' };

const DER_TYPES: ReadonlyMap<FileFormat | undefined, 'pkcs8' | 'pkcs1' | 'sec1'> = new Map([
  ['pkcs8', 'pkcs8'],
  ['encrypted-pkcs8', 'pkcs8'],
  ['pkcs1', 'pkcs1'],
  ['sec1', 'sec1'],
] as const);

function openKey(
  input: PrivateKeyInput,
  { name, encrypted, passphrase }: { readonly name: string; readonly encrypted: boolean; readonly passphrase: string | undefined },
): KeyObject {
  if (encrypted && passphrase === undefined) {
    throw new ProtocolError('wrong_passphrase', 'The private key is encrypted and no passphrase was given; give its passphrase');
  }
  try {
    return createPrivateKey(encrypted ? { ...input, passphrase } : input);
  } catch (error) {
    // The cause stays out of our error: a parser's message is no help here, and we do not want to vouch for what it quotes.
    if (encrypted && !isUnsupported(error)) {
      throw new ProtocolError('wrong_passphrase', 'The private key does not open with the passphrase given; check the passphrase');
    }
    throw new ProtocolError(
      'invalid_credential',
      `${name} is not a private key this runtime can read; try: openssl pkcs8 -topk8 -in key.pem -out key-pkcs8.pem`,
    );
  }
}

/** An encryption that OpenSSL no longer offers, as opposed to one that failed. */
function isUnsupported(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).includes('UNSUPPORTED');
}
