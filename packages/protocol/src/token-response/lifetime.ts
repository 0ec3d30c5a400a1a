/** How long a token lives: `expires_in` and its kin. RFC 6749 §5.1. */

/** A token that says nothing about its expiry is kept this long, never for ever. */
export const UNSTATED_LIFETIME_SECONDS: number = 300;

/**
 * Whole seconds from a JSON member such as `expires_in`; `undefined` when it is absent or null; NaN when it is neither a
 * non-negative number nor a text of digits. Entra's v1 endpoint and every managed identity send text. More than ten years count as ten.
 *
 * @see RFC 6749 §5.1 https://www.rfc-editor.org/rfc/rfc6749#section-5.1
 */
export function parseLifetimeSeconds(member: unknown): number | undefined {
  if (member === undefined || member === null) return undefined;
  const seconds = typeof member === 'string' && /^[0-9]{1,16}$/.test(member) ? Number(member) : member;
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= Number.MAX_SAFE_INTEGER)) return Number.NaN;
  return Math.min(Math.floor(seconds), TEN_YEARS_SECONDS);
}

const TEN_YEARS_SECONDS = 10 * 365 * 24 * 3600;
