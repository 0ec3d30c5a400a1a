/** Reads private keys in PEM or DER: PKCS#8, plain or encrypted, and OpenSSL's older PKCS#1 and SEC 1 forms. RFC 7468 §10 and §11, RFC 5958. */
import { createPrivateKey, type KeyObject, type PrivateKeyInput } from 'node:crypto';
import { ProtocolError } from '../errors.ts';
import { derivationRounds } from './encrypted-key.ts';
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
 *   if it cannot be read, or asks for over 1,000,000 rounds of key derivation
 * @see RFC 7468 §10 https://www.rfc-editor.org/rfc/rfc7468#section-10
 */
export function readPrivateKey(block: PemBlock, passphrase: string | undefined): KeyObject {
  // What is opened must be what was checked, so it is decoded here.
  if (block.label.startsWith('ENCRYPTED')) return readDerPrivateKey(decode(block), passphrase);
  // One round of MD5, of OpenSSL's own.
  const encrypted = block.text.includes('Proc-Type: 4,ENCRYPTED');
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
  if (encrypted) requireBearable(der);
  return openKey({ key: Buffer.from(der), format: 'der', type }, { name: KEY_FILE.name, encrypted, passphrase });
}

/** @throws {ProtocolError} `invalid_parameter` unless it is a string, or absent */
export function requirePassphrase(passphrase: unknown): void {
  if (passphrase !== undefined && typeof passphrase !== 'string') {
    throw new ProtocolError('invalid_parameter', `The passphrase is of type ${typeof passphrase}; give a string`);
  }
}

/** @throws {ProtocolError} `invalid_credential` for more keys in one file than anybody can mean */
export function requireFewKeys(keys: readonly unknown[]): void {
  if (keys.length > MOST_KEYS) {
    throw new ProtocolError('invalid_credential', `There are more than ${MOST_KEYS} private keys in one file; give the client's own alone`);
  }
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
    throw unreadable(name, encrypted ? LEGACY : '');
  }
}

/** A file decides how long its reader computes, and `createPrivateKey` holds the event loop meanwhile. */
function requireBearable(der: Uint8Array): void {
  const rounds = roundsOf(der);
  if (rounds <= MOST_ROUNDS) return;
  throw new ProtocolError(
    'invalid_credential',
    `The private key asks for ${rounds} rounds of key derivation, more than ${MOST_ROUNDS}; encrypt it anew: ` +
      'openssl pkcs8 -topk8 -iter 100000 -in key.pem -out key-pkcs8.pem',
  );
}

function roundsOf(der: Uint8Array): number {
  try {
    return derivationRounds(der);
  } catch {
    throw unreadable(KEY_FILE.name, LEGACY);
  }
}

function unreadable(name: string, options: string): ProtocolError {
  return new ProtocolError(
    'invalid_credential',
    `${name} is not one that this runtime can read; try: openssl pkcs8 -topk8${options} -in key.pem -out key-pkcs8.pem`,
  );
}

/** The octets between the first line of a block and its last. */
function decode({ text }: PemBlock): Uint8Array {
  return Buffer.from(text.split('-----')[2] ?? '', 'base64');
}

/** An encryption that OpenSSL no longer offers, as opposed to one that failed. */
function isUnsupported(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).includes('UNSUPPORTED');
}

/** About half a second. */
const MOST_ROUNDS = 1_000_000;
const MOST_KEYS = 8;
/** OpenSSL 3 opens RC2 and the encryptions with MD5 only so. */
const LEGACY = ' -provider legacy -provider default';
