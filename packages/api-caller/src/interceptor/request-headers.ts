/** The header fields of a request, in each of the forms that undici takes. */
import type { Dispatcher } from 'undici';
import { ApiCallerError } from '../errors.ts';

/**
 * The fields with lower-case names.
 *
 * @throws {ApiCallerError} `reserved_header` for a field that carries credentials
 */
export function readFields(headers: Dispatcher.DispatchOptions['headers']): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of entriesOf(headers)) {
    if (value === undefined) continue;
    const field = name.toLowerCase();
    if (CREDENTIALS.has(field))
      throw new ApiCallerError('reserved_header', `Header "${field}" is set by this package or not at all; leave it out`);
    const before = fields[field];
    fields[field] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}

function entriesOf(headers: Dispatcher.DispatchOptions['headers']): Iterable<readonly [string, string | string[] | undefined]> {
  if (headers === undefined || headers === null) return [];
  if (Array.isArray(headers)) return pairsOf(headers);
  if (Symbol.iterator in headers) return headers as Iterable<[string, string | string[] | undefined]>;
  return Object.entries(headers as Record<string, string | string[] | undefined>);
}

/** A list holds names and values in turns, or pairs. */
function* pairsOf(list: readonly (string | string[])[]): Generator<readonly [string, string | string[]]> {
  for (let index = 0; index < list.length; index += 1) {
    const entry = list[index];
    if (Array.isArray(entry)) yield [String(entry[0]), entry[1] ?? ''];
    else yield [String(entry), list[++index] ?? ''];
  }
}

const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'dpop']);
