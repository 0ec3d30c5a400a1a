/**
 * The nine bytes that begin every entry this package writes: which format follows, and when the entry expires. So a store that
 * sees only bytes, such as one store over another, knows how long they are good for.
 */

/** Which format follows, a number from 1 to 255. A reader takes no other than its own. */
export type EntryFormat = (typeof FORMATS)[keyof typeof FORMATS];
export const FORMATS = { envelope: 0xc1, sealed: 0xc2, file: 0xc3 } as const;

export const HEADER_BYTES = 9;

/** The first byte names the format, eight more are the expiry as a big-endian double of epoch milliseconds. */
export function buildHeader(format: EntryFormat, { expiresAtMs }: { expiresAtMs: number }): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(format, 0);
  header.writeDoubleBE(expiresAtMs, 1);
  return header;
}

/** The expiry of an entry in one of these formats, epoch milliseconds; `undefined` when the bytes are none. Nothing is verified. */
export function readExpiresAtMs(bytes: Uint8Array, formats: readonly EntryFormat[]): number | undefined {
  if (bytes.length < HEADER_BYTES || !formats.some((format) => format === bytes[0])) return undefined;
  const expiresAtMs = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES).getFloat64(1);
  return Number.isFinite(expiresAtMs) ? expiresAtMs : undefined;
}
