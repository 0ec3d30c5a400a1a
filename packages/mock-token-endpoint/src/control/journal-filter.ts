/** Which entries of the journal a query means. */

import { isSameTenant } from '../directory/tenants.ts';
import { MockError } from '../errors.ts';
import { isSameName } from '../faults/rules.ts';
import type { JournalEntry } from '../journal-entry.ts';
import { type ControlQuery, readCount } from './route.ts';

/** The names that a query can filter by. */
export const FILTER_NAMES: readonly string[] = ['tenant', 'clientId', 'path', 'method', 'status', 'error', 'failed'];

/**
 * Whether an entry is all that the query asks for.
 *
 * @throws {MockError} `invalid_option` for a status that is none, or `failed` with another value than `true`
 */
export function readFilter(query: ControlQuery): (entry: JournalEntry) => boolean {
  const { tenant, clientId, path, method, error, failed } = query;
  const status = query['status'] === undefined ? undefined : readCount(query, 'status', { most: 599, usual: 0 });
  if (failed !== undefined && failed !== 'true') {
    throw new MockError('invalid_option', `failed is ${JSON.stringify(failed)}: give true, or leave it out`);
  }
  return (entry) =>
    (tenant === undefined || isSameTenant(tenant, entry.tenant)) &&
    (clientId === undefined || isSameName(clientId, entry.clientId)) &&
    (path === undefined || entry.path.includes(path)) &&
    (method === undefined || isSameName(method, entry.method)) &&
    (status === undefined || status === entry.status) &&
    (error === undefined || error === entry.error) &&
    (failed === undefined || entry.checks.some(({ passed }) => !passed));
}
