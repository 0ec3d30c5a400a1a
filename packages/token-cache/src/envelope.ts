/**
 * How a value lies in a store: the header with its expiry, four bytes with the length of the payload, the key in UTF-16LE, and the
 * payload, which the codec made of the value. A name is only a digest, so the whole key goes along and is compared on reading.
 */
import { buildHeader, FORMATS, HEADER_BYTES, readExpiresAtMs } from './expiry-header.ts';
import { keyBytes } from './key-bytes.ts';

export interface Envelope {
  readonly expiresAtMs: number;
  /** What the codec made, or is to read. */
  readonly payload: Uint8Array;
}

export function buildEnvelope(key: string, { expiresAtMs, payload }: Envelope): Uint8Array {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(payload.length);
  return Buffer.concat([buildHeader(FORMATS.envelope, { expiresAtMs }), length, keyBytes(key), payload]);
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
    envelope.readUInt32BE(HEADER_BYTES) === envelope.length - payloadAt &&
    envelope.subarray(KEY_AT, payloadAt).equals(wholeKey);
  return isWholeAndOfKey ? { expiresAtMs, payload: envelope.subarray(payloadAt) } : undefined;
}

const LENGTH_BYTES = 4;
const KEY_AT: number = HEADER_BYTES + LENGTH_BYTES;
