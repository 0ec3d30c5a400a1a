/** Whether a token request that failed is worth another try. RFC 6749 §5.2; RFC 9110 §15.5 and §15.6; RFC 6585 §4 (429); RFC 9449 §8. */

/**
 * How a token request failed. `TokenResponseError` has this shape.
 *
 * Entra: its AADSTS numbers and texts are not here, since they change; what they mean is for people.
 */
export interface FailedRequest {
  /** Absent when the connection failed before an answer came. */
  readonly status?: number | undefined;
  /** The answer's `error`. RFC 6749 §5.2. */
  readonly error?: string | undefined;
  /** How long the server asked to wait, milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * - `wait`: try again after the time that the server named, not earlier; if that is too late for the caller, fail at once.
 * - `backoff`: try again after a pause of the caller's own.
 * - `nonce`: repeat once, with a new DPoP proof that holds the nonce of this answer.
 * - `never`: the same request will fail again.
 */
export type RetryAdvice =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'backoff' }
  | { readonly kind: 'nonce' }
  | { readonly kind: 'never' };

/**
 * What to do about this failure. It is about token requests, which may always be repeated: all they make is another token. Each
 * try needs an assertion of its own.
 *
 * @see RFC 6749 §5.2 https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export function retryAdvice({ status, error, retryAfterMs }: FailedRequest): RetryAdvice {
  // RFC 9449 §8: a 400, so that no status would tell.
  if (error === 'use_dpop_nonce') return { kind: 'nonce' };
  const passes = status === undefined || PASSING_STATUS.has(status) || (error !== undefined && PASSING_ERROR.has(error));
  if (!passes) return { kind: 'never' };
  return retryAfterMs === undefined ? { kind: 'backoff' } : { kind: 'wait', ms: retryAfterMs };
}

const PASSING_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
// RFC 6749 §4.1.2.1 has them for the authorization endpoint; servers send them from the token endpoint too.
const PASSING_ERROR: ReadonlySet<string> = new Set(['temporarily_unavailable', 'server_error']);
