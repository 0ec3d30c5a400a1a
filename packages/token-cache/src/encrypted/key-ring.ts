/** The keys of an encrypted store, read from what the caller gives. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { isUint8Array } from 'node:util/types';
import { TokenCacheError } from '../errors.ts';

export interface EncryptionKey {
  /** Names the key in every entry it seals, in the clear: 1 to 255 bytes of UTF-8. */
  readonly id: string;
  /** 32 random bytes. They are copied; a passphrase is none, and has to go through a key derivation first. */
  readonly key: Uint8Array;
}

export interface SealingKey {
  readonly id: Buffer;
  readonly secret: KeyObject;
}

/** The first seals, all open. */
export type KeyRing = readonly [SealingKey, ...SealingKey[]];

/** @throws {TokenCacheError} `invalid_option`, which may name an id and a length but never shows a key */
export function readKeyRing(keys: readonly EncryptionKey[]): KeyRing {
  if (!Array.isArray(keys)) throw invalid(`keys is of type ${typeof keys}, expected a list of keys`);
  // Unlike `map`, does not pass over a gap.
  const [first, ...others] = Array.from(keys, readKey);
  if (first === undefined) throw invalid('keys is empty, expected at least one key');
  const ring: KeyRing = [first, ...others];
  ring.forEach(({ id }, index) => {
    const same = ring.findIndex((other) => other.id.equals(id));
    if (same < index) throw invalid(`keys[${index}].id is ${quote(id)}, the same as that of keys[${same}], expected another`);
  });
  return ring;
}

function readKey(entry: EncryptionKey | null | undefined, index: number): SealingKey {
  if (entry === null || entry === undefined) throw invalid(`keys[${index}] is ${entry}, expected an id and a key`);
  const { id, key } = entry;
  if (typeof id !== 'string') throw invalid(`keys[${index}].id is of type ${typeof id}, expected a text`);
  const idBytes = Buffer.from(id);
  if (idBytes.length < 1 || idBytes.length > LONGEST_ID_BYTES) {
    throw invalid(`keys[${index}].id has ${idBytes.length} bytes, expected 1 to ${LONGEST_ID_BYTES}`);
  }
  // Checked before Node sees it, whose own error would quote a key that is given as a text.
  if (!isUint8Array(key)) throw invalid(`the key ${quote(idBytes)} is of type ${typeof key}, expected a Uint8Array of ${KEY_BYTES} bytes`);
  if (key.length !== KEY_BYTES) throw invalid(`the key ${quote(idBytes)} has ${key.length} bytes, expected ${KEY_BYTES}`);
  return { id: idBytes, secret: createSecretKey(key) };
}

/** What one byte can count. */
const LONGEST_ID_BYTES = 255;
/** Of AES-256. */
const KEY_BYTES = 32;

function quote(id: Buffer): string {
  return JSON.stringify(id.toString());
}

function invalid(message: string): TokenCacheError {
  return new TokenCacheError('invalid_option', message);
}
