/** Whether an attempt is repeated, and after how long. Pure: a function of what happened and what is left. */
import { backoffMs } from '@client-credentials/protocol';

/** How an attempt ended: with an answer, or without one because the connection failed. */
export type Outcome =
  | { readonly kind: 'response'; readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'failure' };

/** What the decision depends on beside the outcome. */
export interface Attempted {
  /** Whether the API acts once however often it gets the request. */
  readonly isIdempotent: boolean;
  /** Whether its body can be sent again. */
  readonly isReplayable: boolean;
  /** Attempts made so far, this one included. */
  readonly attempts: number;
  readonly maxAttempts: number;
  /** Until the call's deadline. */
  readonly remainingMs: number;
  /** At least 0, below 1. */
  readonly random: () => number;
}

/**
 * Milliseconds to wait before the next attempt, or `undefined` if this outcome is final.
 *
 * Repeated are 429, 502, 503, 504 and failed connections, for requests that may be repeated; others only where the server
 * says with `Retry-After` on a 429 or 503 that it did not act. `Retry-After` is obeyed or the outcome is final; without it
 * the wait is random below 1 s, 2 s, 4 s and so on.
 *
 * @see RFC 9110 §9.2.2 https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
 */
export function retryDelayMs(outcome: Outcome, attempted: Attempted): number | undefined {
  const { attempts, maxAttempts, isReplayable, remainingMs, random } = attempted;
  if (attempts >= maxAttempts || !isReplayable || !isRepeatable(outcome, attempted)) return undefined;
  const askedForMs = outcome.kind === 'response' ? outcome.retryAfterMs : undefined;
  const delayMs = askedForMs ?? Math.floor(backoffMs({ attempts, random: random() }));
  return delayMs < remainingMs ? delayMs : undefined;
}

/** Whether an API acts once however often it gets a request with this method. RFC 9110 §9.2.2. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

/** Whether this is an answer for which time may do something. */
export function isPassing(status: number): boolean {
  return status === 429 || BUSY_GATEWAY.has(status);
}

function isRepeatable(outcome: Outcome, attempted: Attempted): boolean {
  if (outcome.kind === 'failure') return attempted.isIdempotent;
  if (attempted.isIdempotent) return isPassing(outcome.status);
  return (outcome.status === 429 || outcome.status === 503) && outcome.retryAfterMs !== undefined;
}

const BUSY_GATEWAY: ReadonlySet<number> = new Set([502, 503, 504]);
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
