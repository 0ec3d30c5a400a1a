// @ts-check
/** What became of an exchange, in one word for the list and in a sentence for the page. */
import { answerInWords } from './scripted-answer.js';

/** @import { JournalEntry } from '../src/journal-entry.ts' */

/**
 * The check that failed, if one did.
 *
 * @param {JournalEntry} entry
 */
export function failedCheck({ checks }) {
  return checks.find(({ passed }) => !passed);
}

/**
 * One word for how it ended. An error is one with any status, and without a status nothing was sent.
 *
 * @param {JournalEntry} entry
 * @returns {'ok' | 'redirected' | 'refused' | 'failed'}
 */
export function outcomeWord({ status, error }) {
  if (status === 0 || status >= 500) return 'failed';
  if (status >= 400 || error !== undefined) return 'refused';
  return status < 300 ? 'ok' : 'redirected';
}

/**
 * Whether the exchange did not go well, or would not have without a scripted answer.
 *
 * @param {JournalEntry} entry
 */
export function isFailed(entry) {
  return failedCheck(entry) !== undefined || ['refused', 'failed'].includes(outcomeWord(entry));
}

/**
 * The line under the path in the list, and the mark before it, which says nothing that the words do not.
 *
 * @param {JournalEntry} entry
 * @returns {{ mark: '✓' | '✗' | '', words: string }}
 */
export function shortOutcome(entry) {
  if (entry.scripted) return { mark: '', words: `scripted: ${answerInWords(entry.scripted)}` };
  const failed = failedCheck(entry);
  if (failed) return { mark: '✗', words: `failed: ${failed.name}` };
  if (entry.error !== undefined) return { mark: '', words: entry.error };
  return { mark: '✓', words: entry.checks.length === 0 ? 'nothing to check' : countOfChecks(entry) };
}

/** @param {JournalEntry} entry */
export function countOfChecks({ checks }) {
  return checks.length === 1 ? '1 check passed' : `all ${checks.length} checks passed`;
}
