/** How long an answer asks to wait. */
import { parseRetryAfter } from '@client-credentials/protocol';
import { fieldOf } from '../headers.ts';

/**
 * Milliseconds from now, or `undefined` if the answer has no `Retry-After` that can be read.
 *
 * @see RFC 9110 §10.2.3 https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function readRetryAfterMs(headers: Readonly<Record<string, string | string[] | undefined>>, nowMs: number): number | undefined {
  const value = fieldOf(headers, 'retry-after');
  return value === undefined ? undefined : parseRetryAfter(value, { nowMs, date: fieldOf(headers, 'date') });
}
