/** Whether a failed attempt is tried again, and when. A token request may always be repeated: all it makes is another token. */
import { backoffMs } from '@client-credentials/protocol';

/** The failure and the state of the call. Times are epoch milliseconds. */
export interface FailedAttempt {
  readonly transient: boolean;
  /** How long the server asked to wait. */
  readonly retryAfterMs: number | undefined;
  /** How many attempts were made, this one included. */
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly nowMs: number;
  readonly deadlineAtMs: number;
  /** From 0 to below 1. */
  readonly random: number;
}

/** `wait`, then try again; `fail` with this failure; or fail as `throttled`, since the server wants a longer wait than there is time. */
export type NextStep =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'fail' }
  | { readonly kind: 'throttled'; readonly retryAtMs: number };

/**
 * The next step. `Retry-After` is kept to the millisecond if it fits the deadline; without it the pause is drawn from zero to
 * 1 s, then 2 s, and so on (full jitter).
 *
 * @see RFC 9110 §10.2.3 https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function nextStep(failed: FailedAttempt): NextStep {
  const { transient, retryAfterMs, attempts, maxAttempts, nowMs, deadlineAtMs, random } = failed;
  if (!transient) return { kind: 'fail' };
  if (retryAfterMs !== undefined && nowMs + retryAfterMs >= deadlineAtMs) return { kind: 'throttled', retryAtMs: nowMs + retryAfterMs };
  if (attempts >= maxAttempts) return { kind: 'fail' };
  const ms = retryAfterMs ?? backoffMs({ attempts, random });
  return nowMs + ms < deadlineAtMs ? { kind: 'wait', ms } : { kind: 'fail' };
}
