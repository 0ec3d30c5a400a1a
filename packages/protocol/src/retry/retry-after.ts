/** Reads the `Retry-After` header. RFC 9110 §10.2.3, and the three date forms of §5.6.7. */

/**
 * Milliseconds to wait from now, never negative; `undefined` when the value is neither delay-seconds nor an HTTP-date,
 * so that a malformed header counts as absent. It is what the server said, however long: whether to wait that long, to fail at
 * once, or for how long to remember it is the caller's to say. Only more than ten years count as ten, so that the sum with any
 * clock is a date.
 *
 * @param value  field value as received
 * @param context.nowMs  the caller's clock, epoch milliseconds
 * @param context.date  the `Date` header of the same answer. A date form is measured against it, so that a wrong clock on
 *   either side does not change how long to wait
 * @see RFC 9110 §10.2.3 https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function parseRetryAfter(value: string, context: { nowMs: number; date?: string | undefined }): number | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (DELAY_SECONDS.test(text)) return Math.min(Math.ceil(Number(text) * 1000), LONGEST_DELAY_MS);
  const untilMs = parseHttpDate(text, context.nowMs);
  if (untilMs === undefined) return undefined;
  const serverNowMs = typeof context.date === 'string' ? parseHttpDate(context.date.trim(), context.nowMs) : undefined;
  const delayMs = Math.min(Math.max(0, untilMs - (serverNowMs ?? context.nowMs)), LONGEST_DELAY_MS);
  return Number.isNaN(delayMs) ? undefined : delayMs;
}

/**
 * The instant an HTTP-date names, in epoch milliseconds, or `undefined` when it is none.
 *
 * @param nowMs  decides the century of a two-digit year
 * @see RFC 9110 §5.6.7 https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
 */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  const fields = (IMF_FIXDATE.exec(text) ?? RFC_850_DATE.exec(text) ?? ASCTIME_DATE.exec(text))?.groups;
  if (fields === undefined) return undefined;
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = fields;
  const fullYear = year.length === 4 ? Number(year) : fullYearOf(Number(year), nowMs);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  const instant = new Date(0);
  instant.setUTCFullYear(fullYear, MONTHS.indexOf(month), Number(day));
  // 30 February has rolled over into March; a date that does not exist is no date.
  if (instant.getUTCDate() !== Number(day)) return undefined;
  return instant.setUTCHours(Number(hour), Number(minute), Number(second));
}

/** RFC 9110 §5.6.7: of all years with these last digits the latest that is at most 50 years ahead. */
function fullYearOf(twoDigits: number, nowMs: number): number {
  const latest = new Date(nowMs).getUTCFullYear() + 50;
  return latest - ((latest - twoDigits) % 100);
}

const LONGEST_DELAY_MS = 10 * 365 * 24 * 3600 * 1000;
// The grammar wants whole seconds; Microsoft Graph's throttling page shows `Retry-After: 2.128` (read 2026-11).
const DELAY_SECONDS = /^\d+(\.\d+)?$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)';
const IMF_FIXDATE = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`);
const RFC_850_DATE = new RegExp(`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d{2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT$`);
const ASCTIME_DATE = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`);
