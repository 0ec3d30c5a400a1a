/** Reads the blocks of a PEM file, whatever stands around them. RFC 7468 §2 and §3. */
import { ProtocolError, quote } from '../errors.ts';

/** One block: its label and its own text, from `-----BEGIN` to the end of `-----END …-----`. */
export interface PemBlock {
  readonly label: string;
  readonly text: string;
}

/**
 * All blocks in their order. Prose between them, such as the "Bag Attributes" that `openssl pkcs12` prints, is passed over.
 *
 * @throws {ProtocolError} `invalid_certificate` if the text is over 1 MiB or a block has no end of the same label
 * @see RFC 7468 §2 https://www.rfc-editor.org/rfc/rfc7468#section-2
 */
export function parsePem(pem: string | Uint8Array): readonly PemBlock[] {
  if (typeof pem !== 'string' && !(pem instanceof Uint8Array)) {
    throw new ProtocolError('invalid_certificate', `The PEM text is ${quote(pem)}; give a string or octets`);
  }
  if (pem.length > LARGEST_PEM) {
    throw new ProtocolError('invalid_certificate', `The PEM text has ${pem.length} bytes; more than ${LARGEST_PEM} is refused`);
  }
  const text = typeof pem === 'string' ? pem : new TextDecoder().decode(pem);
  const blocks: PemBlock[] = [];
  let readTo = 0;
  for (const { 0: begin, 1: label = '', index } of text.matchAll(BEGIN)) {
    if (index < readTo) continue;
    const end = `-----END ${label}-----`;
    const endsAt = text.indexOf(end, index + begin.length);
    if (endsAt < 0) {
      throw new ProtocolError('invalid_certificate', `The PEM block ${quote(label)} has no "${end}"; the file looks cut off`);
    }
    readTo = endsAt + end.length;
    blocks.push({ label, text: text.slice(index, readTo) });
  }
  return blocks;
}

const BEGIN = /-----BEGIN ([A-Z0-9 ]{1,64})-----/g;
const LARGEST_PEM = 1024 * 1024;
