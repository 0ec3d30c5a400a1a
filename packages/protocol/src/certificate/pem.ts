/** Reads the blocks of a PEM file, whatever stands around them. RFC 7468 §2 and §3. */
import { ProtocolError, quote } from '../errors.ts';
import { type FileRole, fileFormat, misplacedFile, requireSmall, textOf } from './file-format.ts';

/** One block: its label and its own text, from `-----BEGIN` to the end of `-----END …-----`, without white space around its lines. */
export interface PemBlock {
  readonly label: string;
  readonly text: string;
}

/**
 * All blocks in their order. Prose between them, such as the "Bag Attributes" that `openssl pkcs12` prints, is passed over.
 *
 * @throws {ProtocolError} with the role's code if the text is over 1 MiB, has over 256 blocks or one without an end of the same
 *   label, spells its line breaks out, or is a file of another format or encoding
 * @see RFC 7468 §2 https://www.rfc-editor.org/rfc/rfc7468#section-2
 */
export function parsePem(pem: string | Uint8Array, role: FileRole): readonly PemBlock[] {
  const { name, code } = role;
  if (typeof pem !== 'string' && !(pem instanceof Uint8Array)) {
    throw new ProtocolError(code, `${name} is ${quote(pem)}; give a string or octets`);
  }
  requireSmall(pem, role);
  const text = typeof pem === 'string' ? pem : decode(pem, role);
  if (text.includes('-\0-'))
    throw new ProtocolError(code, `${name} is UTF-16 without a byte order mark, or read as UTF-8; save it as UTF-8`);
  const blocks: PemBlock[] = [];
  let readTo = 0;
  for (const { 0: begin, 1: label = '', index } of text.matchAll(BEGIN)) {
    if (index < readTo) continue;
    const end = `-----END ${label}-----`;
    const endsAt = text.indexOf(end, index + begin.length);
    if (endsAt < 0) {
      throw new ProtocolError(code, `The PEM block ${quote(label)} has no "${end}"; the file looks cut off`);
    }
    if (blocks.length === MOST_BLOCKS) {
      throw new ProtocolError(code, `${name} has more than ${MOST_BLOCKS} blocks; give the client's own chain alone`);
    }
    readTo = endsAt + end.length;
    const block = text.slice(index, readTo);
    // As it comes out of an environment variable or a JSON text that was escaped twice.
    if (block.includes('\\n')) {
      throw new ProtocolError(code, `${name} holds a backslash and an n where its lines end; replace each \\n by a line break`);
    }
    blocks.push({ label, text: trimLines(block) });
  }
  return blocks;
}

function decode(pem: Uint8Array, role: FileRole): string {
  const format = fileFormat(pem);
  if (format !== undefined && format !== 'pem') throw misplacedFile(format, role);
  return textOf(pem);
}

/**
 * RFC 7468 §2: white space is no part of it, and a line may end in CR alone. OpenSSL takes no blank before the last line and no CR
 * alone, Deno no blank behind any.
 */
function trimLines(block: string): string {
  const lineBreak = block.includes('\n') ? '\n' : '\r';
  return block
    .split(lineBreak)
    .map((line) => line.trim())
    .join('\n');
}

const BEGIN = /-----BEGIN ([A-Z0-9 ]{1,64})-----/g;
const MOST_BLOCKS = 256;
