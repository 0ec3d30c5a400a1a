// @ts-check
/** Finds the words for a field, and the page of the section a rule stands in. */
import { ANSWER_HEADERS, ANSWER_MEMBERS } from './explain-answer.js';
import { CLAIMS, JOSE_HEADER } from './explain-jwt.js';
import { METADATA } from './explain-metadata.js';
import { FORM, PREFIXES, QUERY, REQUEST_HEADERS } from './explain-request.js';

/** Where a field stands. @typedef {'form' | 'query' | 'header' | 'joseHeader' | 'claim' | 'answerHeader' | 'answerMember'} Part */

/** @typedef {{ words: ReadonlyMap<string, string>, otherwise: (name: string) => string }} Table */

/** @type {Readonly<Record<Part, Table>>} */
const TABLES = {
  form: { words: FORM, otherwise: ofClient },
  query: { words: QUERY, otherwise: ofClient },
  header: { words: REQUEST_HEADERS, otherwise: ofClient },
  joseHeader: { words: JOSE_HEADER, otherwise: () => 'Of no specification this page knows.' },
  claim: { words: CLAIMS, otherwise: () => "The issuer's own." },
  answerHeader: { words: ANSWER_HEADERS, otherwise: () => "The server's own." },
  answerMember: { words: new Map([...ANSWER_MEMBERS, ...METADATA]), otherwise: () => 'Of this API, not of the token protocol.' },
};

/** @param {string} name */
function ofClient(name) {
  const [, words] = [...PREFIXES].find(([prefix]) => name.toLowerCase().startsWith(prefix)) ?? [];
  return words ?? 'Not of this protocol: an extension, or a mistake.';
}

/**
 * What the field means.
 *
 * @param {Part} part
 * @param {string} name
 */
export function explain(part, name) {
  const { words, otherwise } = TABLES[part];
  return words.get(name) ?? otherwise(name);
}

/**
 * The page of a section such as `RFC 7523 §3`, or `undefined` for what is none.
 *
 * @param {string} section
 */
export function sectionUrl(section) {
  const [, number, anchor] = /^RFC (\d{1,5}) §(\d[\d.]*)/.exec(section) ?? [];
  return number && anchor ? `https://www.rfc-editor.org/rfc/rfc${number}#section-${anchor}` : undefined;
}
