// @ts-check
/** Which values open something, and how they look while they are hidden. */

/** Always of one length: it tells nothing of what it stands for. */
export const MASK = '••••••••';

/**
 * `value` with whatever is a credential in it hidden; the value itself when there is nothing to hide.
 *
 * @param {string} name  of the field, header or member
 * @param {string} value
 */
export function mask(name, value) {
  if (value === '' || DIGEST.test(value)) return value;
  if (name.toLowerCase() === 'authorization') return `${/^[a-z]{1,20} /i.exec(value)?.[0] ?? ''}${MASK}`;
  if (CREDENTIAL.test(name) && !ABOUT_CREDENTIALS.test(name)) return MASK;
  return value.replace(JWT, MASK);
}

/**
 * The path and query of a request, with credentials in the query hidden.
 *
 * @param {string} target
 * @param {(name: string) => boolean} [isRevealed]
 */
export function maskTarget(target, isRevealed = () => false) {
  const [path = '', ...query] = target.split('?');
  if (query.length === 0) return target;
  const pairs = query.join('?').split('&');
  return `${path}?${pairs.map((pair) => maskPair(pair, isRevealed)).join('&')}`;
}

/**
 * @param {string} pair  still encoded
 * @param {(name: string) => boolean} isRevealed
 */
function maskPair(pair, isRevealed) {
  const [[name, value] = ['', '']] = new URLSearchParams(pair);
  return isRevealed(name) || mask(name, value) === value ? pair : `${pair.split('=', 1)[0]}=${MASK}`;
}

// The journal keeps this in place of an access token: it can be compared, not used.
const DIGEST = /^(\w+ )?sha256:[\w-]{43}$/;
const CREDENTIAL = /secret|passw|assertion|token|cookie|credential|api[-_]?key|private|signature|^x-identity-header$|^sig$/i;
const ABOUT_CREDENTIALS = /(_type|_hint|_endpoint|_supported|_enc|_alg)$/i;
// From the first character of a word on, so that a text without dots is walked through once.
const JWT = /(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*/g;
