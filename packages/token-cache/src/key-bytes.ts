/** A key as bytes to compare or authenticate. */

/** UTF-16LE, because two keys must never have the same bytes: UTF-8 writes every lone surrogate as the same three. */
export function keyBytes(key: string): Buffer {
  return Buffer.from(key, 'utf16le');
}
