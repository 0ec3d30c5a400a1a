/** The dates that some of Azure's platforms write where others write epoch seconds. Each names its offset from UTC. */

/**
 * Epoch milliseconds of an ISO 8601 date with time and offset, or of one as the old App Service API writes it: month, day, year,
 * and a clock of twelve or twenty-four hours (`9/14/2017 1:02:03 PM +00:00`). `undefined` for anything else. Parsed by hand, since
 * runtimes differ in what they make of any but the plainest ISO form.
 *
 * @see RFC 3339 §5.6 https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function parsePlatformDate(text: string): number | undefined {
  const iso = ISO.exec(text)?.groups;
  if (iso !== undefined) return epochMs(`${iso['date']}T${iso['time']}${iso['offset']}`);
  const us = US.exec(text)?.groups;
  if (us === undefined) return undefined;
  const { month = '', day = '', year, hour = '', rest, half, offset } = us;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'P' ? 12 : 0);
  return epochMs(`${year}-${twoDigits(month)}-${twoDigits(day)}T${twoDigits(hours)}:${rest}${offset}`);
}

/** Of a date that exists. */
function epochMs(iso: string): number | undefined {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? undefined : ms;
}

function twoDigits(value: string | number): string {
  return String(value).padStart(2, '0');
}

const OFFSET = '(?<offset>Z|[+-][0-9]{2}:[0-9]{2})';
const ISO = new RegExp(`^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(\\.[0-9]+)?${OFFSET}$`);
const US = new RegExp(
  `^(?<month>[0-9]{1,2})/(?<day>[0-9]{1,2})/(?<year>[0-9]{4}) (?<hour>[0-9]{1,2}):(?<rest>[0-9]{2}:[0-9]{2})( (?<half>[AP])M)? ${OFFSET}$`,
);
