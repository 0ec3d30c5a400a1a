/** Undoes the content encodings that were asked for. What comes out is bounded, since a small answer may hold a huge one. RFC 9110 §8.4. */
import { pipeline, type Readable, type Transform } from 'node:stream';

/** The value of `Accept-Encoding` where this package decodes. */
export const DECODABLE = 'gzip, br';

/** How to undo one encoding. */
export interface Decoder {
  /** All at once. @throws `ERR_BUFFER_TOO_LARGE` for more than so many bytes; a zlib error for what is not so encoded */
  decode(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array>;
  /** As it comes. */
  decodeStream(body: Readable): Promise<Readable>;
}

/**
 * The decoder for the value of a `Content-Encoding` field; `undefined` for an encoding, or a chain of them, that was not asked for.
 *
 * @see RFC 9110 §8.4 https://www.rfc-editor.org/rfc/rfc9110#section-8.4
 */
export function decoderOf(contentEncoding: string | undefined): Decoder | undefined {
  return DECODERS.get((contentEncoding ?? '').trim().toLowerCase());
}

const IDENTITY: Decoder = { decode: async (bytes) => bytes, decodeStream: async (body) => body };
const GZIP: Decoder = {
  decode: async (bytes, maxOutputLength) => {
    const { gunzip } = await zlib();
    return new Promise((resolve, reject) => gunzip(bytes, { maxOutputLength }, settle(resolve, reject)));
  },
  decodeStream: async (body) => through(body, (await zlib()).createGunzip()),
};
const BROTLI: Decoder = {
  decode: async (bytes, maxOutputLength) => {
    const { brotliDecompress } = await zlib();
    return new Promise((resolve, reject) => brotliDecompress(bytes, { maxOutputLength }, settle(resolve, reject)));
  },
  decodeStream: async (body) => through(body, (await zlib()).createBrotliDecompress()),
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

/** On first use, since many a program meets no compressed answer. */
function zlib(): Promise<typeof import('node:zlib')> {
  return import('node:zlib');
}

function settle(resolve: (bytes: Uint8Array) => void, reject: (error: Error) => void): (error: Error | null, bytes: Uint8Array) => void {
  return (error, bytes) => (error === null ? resolve(bytes) : reject(error));
}
