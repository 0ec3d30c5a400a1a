/**
 * What is in the file of an entry: the header with its expiry, a SHA-256 of that and of the bytes, and the bytes. The digest finds
 * what a power cut or a failing disk has left. It proves nothing about who wrote it: that is what the file's owner and mode are for.
 */
import { createHash } from 'node:crypto';
import { buildHeader, FORMATS, HEADER_BYTES, readExpiresAtMs } from '../expiry-header.ts';

export interface Frame {
  readonly expiresAtMs: number;
  readonly bytes: Uint8Array;
}

/** What a frame adds to the bytes in it. */
export const FRAME_BYTES: number = HEADER_BYTES + 32;

export function buildFrame({ expiresAtMs, bytes }: Frame): Buffer {
  const header = buildHeader(FORMATS.file, { expiresAtMs });
  return Buffer.concat([header, digest(header, bytes), bytes]);
}

/** The frame that a whole file holds; `foreign` when it begins like none, `corrupt` when it is not as it was written. */
export function readFrame(file: Buffer): Frame | 'foreign' | 'corrupt' {
  if (file.length > 0 && file[0] !== FORMATS.file) return 'foreign';
  const header = file.subarray(0, HEADER_BYTES);
  const bytes = file.subarray(FRAME_BYTES);
  const expiresAtMs = readExpiresAtMs(header, [FORMATS.file]);
  const isWhole = file.subarray(HEADER_BYTES, FRAME_BYTES).equals(digest(header, bytes));
  return expiresAtMs === undefined || !isWhole ? 'corrupt' : { expiresAtMs, bytes };
}

function digest(header: Buffer, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(header).update(bytes).digest();
}
