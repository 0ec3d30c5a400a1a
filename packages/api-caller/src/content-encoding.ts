/** Undoes the content encodings that were asked for. What comes out is bounded, since a small answer may hold a huge one. RFC 9110 §8.4. */
import { pipeline, type Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, createBrotliDecompress, createGunzip, gunzip } from 'node:zlib';

/** The value of `Accept-Encoding` where this package decodes. */
export const DECODABLE = 'gzip, br';

/** How to undo one encoding. */
export interface Decoder {
  /** All at once. @throws `ERR_BUFFER_TOO_LARGE` for more than so many bytes; a zlib error for what is not so encoded */
  decode(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array>;
  /** As it comes. */
  decodeStream(body: Readable): Readable;
}

/**
 * The decoder for the value of a `Content-Encoding` field; `undefined` for an encoding, or a chain of them, that was not asked for.
 *
 * @see RFC 9110 §8.4 https://www.rfc-editor.org/rfc/rfc9110#section-8.4
 */
export function decoderOf(contentEncoding: string | undefined): Decoder | undefined {
  return DECODERS.get((contentEncoding ?? '').trim().toLowerCase());
}

const IDENTITY: Decoder = { decode: async (bytes) => bytes, decodeStream: (body) => body };
const gunzipped = promisify(gunzip);
const unbrotlied = promisify(brotliDecompress);
const GZIP: Decoder = {
  decode: (bytes, maxOutputLength) => gunzipped(bytes, { maxOutputLength }),
  decodeStream: (body) => through(body, createGunzip()),
};
const BROTLI: Decoder = {
  decode: (bytes, maxOutputLength) => unbrotlied(bytes, { maxOutputLength }),
  decodeStream: (body) => through(body, createBrotliDecompress()),
};
const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['', IDENTITY],
  ['identity', IDENTITY],
  ['gzip', GZIP],
  // RFC 9110 §8.4.1.3: the same by its old name.
  ['x-gzip', GZIP],
  ['br', BROTLI],
]);

/** Whoever reads the one hears of the other's failure, and whoever stops reading stops both. */
function through(body: Readable, decoder: Transform): Readable {
  return pipeline(body, decoder, () => {});
}
