/** Reads the Distinguished Encoding Rules, as far as certificate and key files need them. X.690 §8.1 and §10.1. */

/** One element: its identifier octet, what it holds, and all its octets from the identifier on. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly octets: Uint8Array;
}

/** Why octets are not what was expected. The reader of a file turns it into an error that names the file. */
export class DerError extends Error {
  /** Whether the looser Basic Encoding Rules would allow it, so that nothing need be damaged. */
  readonly isBer: boolean;

  constructor(message: string, options: { readonly isBer: boolean } = { isBer: false }) {
    super(message);
    this.isBer = options.isBer;
  }
}

/** The identifier octets of X.690 §8.1.2 that are met here. */
export const TAG = { integer: 0x02, bitString: 0x03, octetString: 0x04, objectIdentifier: 0x06, sequence: 0x30 } as const;

/** The identifier octet of a context-specific element that holds others: `[0]`, `[1]` … */
export function contextTag(number: number): number {
  return 0xa0 + number;
}

/** The one element these octets are, with nothing behind it. Throws `DerError`, as everything here does. */
export function readElement(octets: Uint8Array): DerElement {
  const [element, second] = readElements(octets);
  if (element === undefined) throw new DerError('there is nothing where an element should be');
  if (second !== undefined) throw new DerError('bytes follow the end');
  return element;
}

/** The content of an element that must be there with this tag. */
export function contentOf(element: DerElement | undefined, tag: number): Uint8Array {
  if (element?.tag === tag) return element.content;
  // X.690 §10.2: the Basic Encoding Rules let a string be cut into a row of strings, and mark that by this bit.
  if (element?.tag === (tag | CONSTRUCTED)) throw new DerError('a string is cut into parts', { isBer: true });
  throw new DerError(`there is ${element === undefined ? 'nothing' : `tag ${hex(element.tag)}`} where tag ${hex(tag)} should be`);
}

/** What a SEQUENCE holds. */
export function sequence(element: DerElement | undefined): readonly DerElement[] {
  return readElements(contentOf(element, TAG.sequence));
}

/** The one element inside an explicit `[number]`. X.690 §8.14. */
export function explicit(element: DerElement | undefined, number: number): DerElement {
  return readElement(contentOf(element, contextTag(number)));
}

/** An INTEGER that is zero or more; inexact above 2^53. X.690 §8.3. */
export function wholeNumber(element: DerElement | undefined): number {
  const content = contentOf(element, TAG.integer);
  if (content.length === 0 || (content[0] as number) >= 0x80) throw new DerError('a number is empty or negative');
  return unsigned(content);
}

/** An OBJECT IDENTIFIER in dotted form. X.690 §8.19. */
export function objectIdentifier(element: DerElement | undefined): string {
  const content = contentOf(element, TAG.objectIdentifier);
  // It may go into a message.
  if (content.length > MOST_IDENTIFIER_OCTETS) throw new DerError('an object identifier is too long');
  const arcs: number[] = [0];
  for (const octet of content) {
    arcs.push((arcs.pop() as number) * 128 + (octet & 0x7f));
    if (octet < 0x80) arcs.push(0);
  }
  const [first = 0, ...others] = arcs.slice(0, -1);
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...others].join('.');
}

/** All elements, one behind the other. */
function readElements(octets: Uint8Array): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let rest = octets; rest.length > 0; ) {
    if (elements.length === MOST_ELEMENTS) throw new DerError(`more than ${MOST_ELEMENTS} elements stand in a row`);
    const element = firstElement(rest);
    elements.push(element);
    rest = rest.subarray(element.octets.length);
  }
  return elements;
}

function firstElement(octets: Uint8Array): DerElement {
  const tag = octets[0] as number;
  if ((tag & 0x1f) === 0x1f) throw new DerError(`tag ${hex(tag)} is of no known kind`);
  const { length, size } = readLength(octets.subarray(1));
  const start = 1 + size;
  if (length > octets.length - start) throw new DerError(CUT_OFF);
  return { tag, content: octets.subarray(start, start + length), octets: octets.subarray(0, start + length) };
}

/** A length, and how many octets it takes: one up to 127, else the number of octets that follow and they. X.690 §8.1.3. */
function readLength(octets: Uint8Array): { readonly length: number; readonly size: number } {
  const [first] = octets;
  if (first === undefined) throw new DerError(CUT_OFF);
  if (first < 0x80) return { length: first, size: 1 };
  if (first === 0x80) throw new DerError('a length is left open', { isBer: true });
  const size = 1 + (first & 0x7f);
  const digits = octets.subarray(1, size);
  if (digits.length < size - 1) throw new DerError(CUT_OFF);
  const length = unsigned(digits);
  // X.690 §10.1: one length has one form.
  if (digits[0] === 0 || length < 0x80) throw new DerError('a length is longer than it need be', { isBer: true });
  return { length, size };
}

/** Big-endian; inexact above 2^53. */
function unsigned(digits: Uint8Array): number {
  return digits.reduce((value, digit) => value * 256 + digit, 0);
}

function hex(tag: number): string {
  return tag.toString(16).padStart(2, '0');
}

const CUT_OFF = 'it is cut off';
const CONSTRUCTED = 0x20;
const MOST_ELEMENTS = 256;
const MOST_IDENTIFIER_OCTETS = 64;
