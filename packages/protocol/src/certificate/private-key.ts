/** Reads private keys: PKCS#8, plain or encrypted, and OpenSSL's older PKCS#1 and SEC 1 forms. RFC 7468 §10 and §11. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ProtocolError } from '../errors.ts';
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
  if (encrypted && passphrase === undefined) {
    throw new ProtocolError('wrong_passphrase', 'The private key is encrypted and no passphrase was given; give its passphrase');
  }
  try {
    return createPrivateKey(encrypted ? { key: block.text, passphrase } : block.text);
  } catch (error) {
    // The cause stays out of our error: a parser's message is no help here, and we do not want to vouch for what it quotes.
    if (encrypted && !isUnsupported(error)) {
      throw new ProtocolError('wrong_passphrase', 'The private key does not open with the passphrase given; check the passphrase');
    }
    throw new ProtocolError(
      'invalid_credential',
      `The block "${block.label}" is not a private key this runtime can read; try: openssl pkcs8 -topk8 -in key.pem -out key-pkcs8.pem`,
    );
  }
}

/** An encryption that OpenSSL no longer offers, as opposed to one that failed. */
function isUnsupported(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).includes('UNSUPPORTED');
}
