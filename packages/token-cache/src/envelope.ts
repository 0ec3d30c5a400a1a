/**
 * How a value lies in a store: the header with its expiry, the lengths of key and payload in four bytes each, the key in UTF-16LE,
 * and the payload, which the codec made of the value. A name is only a digest, so the whole key goes along and is compared on reading.
 */
import { buildHeader, FORMATS, HEADER_BYTES, readExpiresAtMs } from './expiry-header.ts';
import { keyBytes } from './key-bytes.ts';

export interface Envelope {
  readonly expiresAtMs: number;
  /** What the codec made, or is to read. */
  readonly payload: Uint8Array;
}

export function buildEnvelope(key: string, { expiresAtMs, payload }: Envelope): Uint8Array {
  const wholeKey = keyBytes(key);
  const lengths = Buffer.alloc(KEY_AT - LENGTHS_AT);
  lengths.writeUInt32BE(wholeKey.length, 0);
  lengths.writeUInt32BE(payload.length, 4);
  return Buffer.concat([buildHeader(FORMATS.envelope, { expiresAtMs }), lengths, wholeKey, payload]);
}

/** What a store gave back for a key; `undefined` for anything that is not this key's envelope, whole and of this version. */
export function readEnvelope(key: string, bytes: Uint8Array): Envelope | undefined {
  const expiresAtMs = readExpiresAtMs(bytes, [FORMATS.envelope]);
  if (expiresAtMs === undefined) return undefined;
  const envelope = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wholeKey = keyBytes(key);
  const payloadAt = KEY_AT + wholeKey.length;
  const isWholeAndOfKey =
    envelope.length >= payloadAt &&
    envelope.readUInt32BE(LENGTHS_AT) === wholeKey.length &&
    envelope.readUInt32BE(LENGTHS_AT + 4) === envelope.length - payloadAt &&
    envelope.subarray(KEY_AT, payloadAt).equals(wholeKey);
  return isWholeAndOfKey ? { expiresAtMs, payload: envelope.subarray(payloadAt) } : undefined;
}

const LENGTHS_AT = HEADER_BYTES;
const KEY_AT: number = LENGTHS_AT + 8;
