/** Certificates and keys that openssl made, and the instant at which the tests look at them. */
import { readFileSync } from 'node:fs';

/** 1 December 2026, inside the validity of every certificate in the folder. */
export const NOW_MS: number = Date.UTC(2026, 11, 1);
export const PASSPHRASE = 'correct horse';

const FOLDER = new URL('../../../test/fixtures/certificates/', import.meta.url);

export function fixture(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** Certificate and key of one name, as one PEM text. */
export function pair(name: string): string {
  return fixture(`${name}.crt.pem`) + fixture(`${name}.key.pem`);
}

/** What `expect` sees of an error thrown by a function. */
export function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('expected an error');
}
