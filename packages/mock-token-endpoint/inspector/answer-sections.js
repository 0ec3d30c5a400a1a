// @ts-check
/** What was answered: members or text of the body, the token's claims, headers. */
import { element } from './dom.js';
import { fieldKey, fieldList, valueNodes } from './fields.js';
import { section } from './request-sections.js';

/** @import { JournalEntry } from '../src/journal-entry.ts' */
/** @import { Context } from './fields.js' */

/**
 * @param {JournalEntry} entry
 * @param {Context} context
 */
export function answerSections({ headers, answer, tokenClaims }, context) {
  const isCarried = headers['authorization']?.includes(' sha256:');
  return [
    section('Answer', ...bodyNodes(answer.body ?? '', context)),
    ...(tokenClaims
      ? [
          section(
            isCarried ? 'Access token the request carried' : 'Access token issued',
            fieldList('claim', Object.entries(tokenClaims), context),
          ),
        ]
      : []),
    section('Answer headers', fieldList('answerHeader', Object.entries(answer.headers), context)),
  ];
}

/**
 * The members of a JSON object, or else the text as it is.
 *
 * @param {string} body
 * @param {Context} context
 */
function bodyNodes(body, context) {
  if (body === '') return [element('p', { class: 'muted' }, 'No body.')];
  const members = membersOf(body);
  if (members) return [fieldList('answerMember', members, context)];
  const key = fieldKey('answerMember', 'the whole body');
  return [element('div', { class: 'body value' }, ...valueNodes({ name: 'the body', text: body, key }, context))];
}

/**
 * @param {string} body
 * @returns {[string, unknown][] | undefined}
 */
function membersOf(body) {
  try {
    const value = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  } catch {
    return undefined;
  }
}
