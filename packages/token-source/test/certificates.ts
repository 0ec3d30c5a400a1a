/** Certificates and keys that openssl made, valid from November 2026 to 2036. */
import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../../test/fixtures/certificates/', import.meta.url);

export function fixture(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** Certificate and key of one name, as one PEM text. */
export function pem(name: string): string {
  return fixture(`${name}.crt.pem`) + fixture(`${name}.key.pem`);
}
