/** How long an answer asks to wait. RFC 9110 §10.2.3, and Azure's finer forms of it. */
import { parseRetryAfter } from '@client-credentials/protocol';
import { fieldOf } from '../headers.ts';

/**
 * Milliseconds from now, or `undefined` if the answer does not say so in a form that can be read.
 *
 * @see RFC 9110 §10.2.3 https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function readRetryAfterMs(headers: Readonly<Record<string, string | string[] | undefined>>, nowMs: number): number | undefined {
  const exact = fieldOf(headers, 'x-ms-retry-after-ms') ?? fieldOf(headers, 'retry-after-ms');
  if (exact !== undefined && WHOLE_MS.test(exact)) return Number(exact);
  const value = fieldOf(headers, 'retry-after');
  return value === undefined ? undefined : parseRetryAfter(value, { nowMs, date: fieldOf(headers, 'date') });
}

const WHOLE_MS = /^\d{1,10}$/;
