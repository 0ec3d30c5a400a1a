/** Certificates and keys that openssl made; every certificate is valid from 2020 to 2119. */
import { readFileSync } from 'node:fs';

const FOLDER = new URL('../fixtures/certificates/', import.meta.url);

/** 1 December 2026, inside every validity. */
export const VALID_AT_MS: number = Date.UTC(2026, 11, 1);

/** What opens the encrypted keys. */
export const PASSPHRASE = 'correct horse';

/** A file of the folder, as text. */
export function fixture(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** Certificate and key of one name, as one PEM text. */
export function pair(name: string): string {
  return fixture(`${name}.crt.pem`) + fixture(`${name}.key.pem`);
}
