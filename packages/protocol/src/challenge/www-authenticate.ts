/** Reads `WWW-Authenticate`: the challenges of a refused request. RFC 9110 §11.2 to §11.6.1, on the lists and strings of §5.6. */

/** One challenge: a scheme, and either parameters or a token68. */
export interface Challenge {
  /** In lower case, so that it compares without case (RFC 9110 §11.1). */
  readonly scheme: string;
  /** Names in lower case (RFC 9110 §11.2), values without their quotes. No prototype: a parameter may be called `__proto__`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly token68?: string;
  /** Whether something in it broke the grammar: what could be read stands here, what could not is left out. */
  readonly malformed: boolean;
}

/**
 * The challenges in these field lines, in their order. It never throws: a refusal must not turn into another failure because
 * its header is bad. Of a parameter that comes twice the first counts; what stands before any scheme is passed over. A header
 * of more than 128 KiB holds no challenge.
 *
 * @param headerLines  the field lines as received, or joined by ", "; what is no string counts as absent
 * @see RFC 9110 §11.6.1 https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function parseChallenges(headerLines: string | readonly string[]): readonly Challenge[] {
  const lines = [headerLines].flat().filter((line) => typeof line === 'string');
  if (lines.reduce((sum, line) => sum + line.length, 0) > LONGEST_HEADER) return [];
  const challenges: Draft[] = [];
  // Line by line, so that an open quote ends with its line; yet a challenge may go on in the next one (RFC 9110 §5.3).
  for (const [element] of lines.flatMap((line) => [...line.matchAll(LIST_ELEMENT)])) readElement(element.trim(), challenges);
  return challenges;
}

/** A challenge that is still being read. */
interface Draft extends Challenge {
  readonly parameters: Record<string, string>;
  token68?: string;
  malformed: boolean;
}

/** One element of the list. The comma means two things: behind it stands a new challenge, or a further parameter of the last one. */
function readElement(element: string, challenges: Draft[]): void {
  // RFC 9110 §5.6.1.2: empty elements are passed over.
  if (element === '') return;
  const scheme = SCHEME.exec(element)?.[0];
  if (scheme === undefined) {
    const last = challenges.at(-1);
    if (last !== undefined) readParameters(element, last);
    return;
  }
  const challenge: Draft = { scheme: scheme.toLowerCase(), parameters: Object.create(null), malformed: false };
  challenges.push(challenge);
  const rest = element.slice(scheme.length).trim();
  if (TOKEN68.test(rest)) challenge.token68 = rest;
  else if (rest !== '') readParameters(rest, challenge);
}

/** The grammar has one parameter here and nothing else. Some servers leave out commas, so those that follow are read too. */
function readParameters(text: string, challenge: Draft): void {
  const found = [...text.matchAll(PARAMETER)];
  for (const [, name = '', token, quoted = ''] of found) {
    const key = name.toLowerCase();
    if (key in challenge.parameters) challenge.malformed = true;
    else challenge.parameters[key] = token ?? quoted.replace(QUOTED_PAIR, '$1');
  }
  if (found[0]?.[0] !== text || challenge.token68 !== undefined) challenge.malformed = true;
}

// All of these take linear time: each is anchored, sticky, or fails at its first character, and no repetition can take what its
// neighbour gave up.
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** RFC 9110 §5.6.1: what stands between two commas, those in quotes aside. A quote that is never closed goes on to the end. */
const LIST_ELEMENT = /(?:[^",]|"(?:[^"\\]|\\.)*"?)+/gs;
/** A token that no `=` follows. */
const SCHEME = new RegExp(`^${TOKEN}(?=[ \\t]|$)(?![ \\t]*=)`);
const TOKEN68 = /^[A-Za-z0-9._~+/-]+=*$/;
const PARAMETER = new RegExp(`(${TOKEN})[ \\t]*=[ \\t]*(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")(?:[ \\t]+|$)`, 'gsy');
const QUOTED_PAIR = /\\(.)/gs;
const LONGEST_HEADER = 128 * 1024;
