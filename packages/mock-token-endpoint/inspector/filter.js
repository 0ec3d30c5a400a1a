// @ts-check
/** Which exchanges the list shows. */
import { isFailed } from './outcome.js';

/** @import { JournalEntry } from '../src/journal-entry.ts' */

/**
 * Whether the exchange is one to show.
 *
 * @param {JournalEntry} entry
 * @param {{ text: string, failedOnly: boolean }} filter
 */
export function isWanted(entry, { text, failedOnly }) {
  if (failedOnly && !isFailed(entry)) return false;
  const wanted = text.trim().toLowerCase();
  const [path = ''] = entry.path.split('?', 1);
  // Not the query: a secret in it would show in what the list leaves over.
  const fields = [
    entry.method,
    path,
    entry.tenant,
    entry.clientId,
    entry.error,
    String(entry.status),
    ...entry.checks.filter(({ passed }) => !passed).map(({ name }) => name),
  ];
  return fields.some((field) => field?.toLowerCase().includes(wanted));
}
