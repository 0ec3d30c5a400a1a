// @ts-check
/** What a client sent: query, form, headers, and its assertion decoded. */
import { element } from './dom.js';
import { fieldList } from './fields.js';

/** @import { JournalEntry } from '../src/journal-entry.ts' */
/** @import { Context } from './fields.js' */

/**
 * @param {JournalEntry} entry
 * @param {Context} context
 */
export function requestSections({ path, form, headers, assertion }, context) {
  const query = [...new URLSearchParams(path.split('?').slice(1).join('?'))];
  return [
    ...(form ? [section('Form', fieldList('form', Object.entries(form), context))] : []),
    ...(query.length > 0 ? [section('Query', fieldList('query', query, context))] : []),
    ...(assertion
      ? [
          section(
            'Client assertion',
            element('p', { class: 'muted' }, 'As the client wrote it; whether it is right, the checks say.'),
            element('h4', {}, 'Header'),
            fieldList('joseHeader', Object.entries(assertion.header), context),
            element('h4', {}, 'Claims'),
            fieldList('claim', Object.entries(assertion.claims), context),
          ),
        ]
      : []),
    section('Request headers', fieldList('header', Object.entries(headers), context)),
  ];
}

/**
 * A part of the page that can be folded away.
 *
 * @param {string} title
 * @param {...Node} content
 */
export function section(title, ...content) {
  return element('details', { open: true }, element('summary', {}, element('h3', {}, title)), ...content);
}
