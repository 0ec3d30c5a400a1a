// @ts-check
/** The status of an exchange with a word beside it: a colour alone says nothing to some. */
import { element } from './dom.js';
import { outcomeWord } from './outcome.js';

/** @param {import('../src/journal-entry.ts').JournalEntry} entry */
export function statusChip(entry) {
  const word = outcomeWord(entry);
  return element('span', { class: 'chip', 'data-outcome': word }, entry.status === 0 ? 'no answer' : `${entry.status} ${word}`);
}
