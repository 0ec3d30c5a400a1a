/** Compressed answers: which coding a client takes, and the bytes in it. RFC 9110 §8.4.1 and §12.5.3. */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type ContentEncoding = 'gzip' | 'br';

/** The coding that `Accept-Encoding` likes best, of those there are; `undefined` when it takes none of them, or is absent. */
export function chooseEncoding(acceptEncoding: string | undefined): ContentEncoding | undefined {
  return (acceptEncoding ?? '')
    .split(',')
    .map(readChoice)
    .filter(({ name, weight }) => weight > 0 && isEncoding(name))
    .sort((one, other) => other.weight - one.weight)
    .map(({ name }) => name as ContentEncoding)[0];
}

/** `bytes` in that coding. Speed goes before size: nobody is far away. */
export function compress(bytes: Buffer, encoding: ContentEncoding): Promise<Buffer> {
  return COMPRESSORS[encoding](bytes);
}

const COMPRESSORS: Readonly<Record<ContentEncoding, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: (bytes) => promisify(gzip)(bytes, { level: 1 }),
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};

function isEncoding(name: string): boolean {
  return Object.hasOwn(COMPRESSORS, name);
}

/** RFC 9110 §12.4.2: without a weight it is 1; one that cannot be read counts as a refusal. */
function readChoice(text: string): { readonly name: string; readonly weight: number } {
  const [, name = '', weight = '1'] = /^([^\s;]+)(?:\s*;\s*q=([01](?:\.[0-9]{0,3})?))?$/i.exec(text.trim()) ?? [];
  return { name: name.toLowerCase(), weight: Number(weight) };
}
