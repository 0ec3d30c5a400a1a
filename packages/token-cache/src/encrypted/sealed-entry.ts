/**
 * How an encrypted entry lies in a store: the header with its expiry, one byte with the length of the id of the key, the id in
 * UTF-8; then 12 bytes of initialisation vector, 16 of authentication tag, and the ciphertext. AES-256-GCM, NIST SP 800-38D.
 * What stands before the vector is authenticated along with the cache key, so an entry is good in its own place only.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { buildHeader, FORMATS, HEADER_BYTES, readExpiresAtMs } from '../expiry-header.ts';
import { keyBytes } from '../key-bytes.ts';
import type { SealingKey } from './key-ring.ts';

export interface Sealing {
  /** Under which the entry is kept. */
  readonly cacheKey: string;
  readonly expiresAtMs: number;
  readonly sealingKey: SealingKey;
  /** 12 bytes, never the same twice with one key. */
  readonly iv: Uint8Array;
}

export function sealEntry(bytes: Uint8Array, { cacheKey, expiresAtMs, sealingKey: { id, secret }, iv }: Sealing): Uint8Array {
  const head = Buffer.concat([buildHeader(FORMATS.sealed, { expiresAtMs }), Uint8Array.of(id.length), id]);
  const cipher = createCipheriv(ALGORITHM, secret, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(head, cacheKey));
  const ciphertext = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([head, iv, cipher.getAuthTag(), ciphertext]);
}

/** The parts of a sealed entry. Nothing is verified before it is opened. */
export interface SealedEntry {
  readonly expiresAtMs: number;
  readonly keyId: Buffer;
  /** All that stands before the vector. */
  readonly head: Buffer;
  readonly iv: Buffer;
  readonly tag: Buffer;
  readonly ciphertext: Buffer;
}

/** `undefined` for bytes that are no sealed entry of this version, or too few. */
export function readSealedEntry(bytes: Uint8Array): SealedEntry | undefined {
  const expiresAtMs = readExpiresAtMs(bytes, [FORMATS.sealed]);
  const idLength = bytes[HEADER_BYTES];
  if (expiresAtMs === undefined || idLength === undefined) return undefined;
  const ivAt = ID_AT + idLength;
  const tagAt = ivAt + IV_BYTES;
  const ciphertextAt = tagAt + TAG_BYTES;
  if (bytes.length < ciphertextAt) return undefined;
  const entry = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    expiresAtMs,
    keyId: entry.subarray(ID_AT, ivAt),
    head: entry.subarray(0, ivAt),
    iv: entry.subarray(ivAt, tagAt),
    tag: entry.subarray(tagAt, ciphertextAt),
    ciphertext: entry.subarray(ciphertextAt),
  };
}

/** What was sealed; `undefined` unless it was with this secret, for this cache key, and nothing of the entry has been changed since. */
export function openEntry(
  { head, iv, tag, ciphertext }: SealedEntry,
  { cacheKey, secret }: { cacheKey: string; secret: KeyObject },
): Uint8Array | undefined {
  const decipher = createDecipheriv(ALGORITHM, secret, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(head, cacheKey));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return undefined;
  }
}

export const IV_BYTES = 12;
const TAG_BYTES = 16;
const ID_AT = HEADER_BYTES + 1;
const ALGORITHM = 'aes-256-gcm';

/** The head says its own length, so no other head and key together make the same bytes. */
function associatedData(head: Buffer, cacheKey: string): Buffer {
  return Buffer.concat([head, keyBytes(cacheKey)]);
}
