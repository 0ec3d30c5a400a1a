// @ts-check
/** Points in time and durations in words; always UTC, as the protocol's own times are. */

/**
 * `2031-05-06 07:08:09 UTC`.
 *
 * @param {number} ms  epoch milliseconds
 */
export function dateInWords(ms) {
  return isDate(ms) ? `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC` : `no date (${ms} ms)`;
}

/**
 * `07:08:09`.
 *
 * @param {number} ms  epoch milliseconds
 */
export function timeOfDay(ms) {
  return isDate(ms) ? new Date(ms).toISOString().slice(11, 19) : '–';
}

/**
 * The largest two units of a duration: `1 h 5 min`, `42 s`, `0.8 ms`.
 *
 * @param {number} ms  0 or more
 */
export function durationInWords(ms) {
  if (ms < 1000) return `${ms < 10 ? Number(ms.toPrecision(2)) : Math.round(ms)} ms`;
  let left = Math.round(ms / 1000);
  const words = [];
  for (const { unit, seconds } of UNITS) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0) words.push(`${count} ${unit}`);
  }
  return words.slice(0, 2).join(' ');
}

/**
 * A NumericDate of a JWT, RFC 7519 §2, or a like member of an answer, in words and relative to the exchange; `undefined` for anything else.
 *
 * @param {unknown} value  seconds since the epoch, also as a string
 * @param {{ atMs: number }} exchange
 */
export function numericDateInWords(value, { atMs }) {
  const seconds = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number' || !isDate(seconds * 1000)) return undefined;
  const distanceMs = seconds * 1000 - atMs;
  if (Math.abs(distanceMs) < 1000) return `${dateInWords(seconds * 1000)}, the moment of the exchange`;
  return `${dateInWords(seconds * 1000)}, ${durationInWords(Math.abs(distanceMs))} ${distanceMs < 0 ? 'before' : 'after'} the exchange`;
}

/** @param {number} ms */
function isDate(ms) {
  return Math.abs(ms) <= LAST_DATE_MS;
}

const LAST_DATE_MS = 8.64e15;
const UNITS = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3600 },
  { unit: 'min', seconds: 60 },
  { unit: 's', seconds: 1 },
];
