/** Whether an attempt is repeated, and after how long. Pure: a function of what happened and what is left. */
import { backoffMs } from '@client-credentials/protocol';

/** How an attempt ended: with an answer, or without one because the connection failed. */
export type Outcome =
  | { readonly kind: 'response'; readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'failure' };

/** What the decision depends on beside the outcome. */
export interface Budget {
  readonly method: string;
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
 * Repeated are 429, 502, 503, 504 and failed connections, for methods that may be repeated; others only where the server
 * says with `Retry-After` on a 429 or 503 that it did not act. `Retry-After` is obeyed or the outcome is final; without it
 * the wait is random below 1 s, 2 s, 4 s and so on.
 *
 * @see RFC 9110 §9.2.2 https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
 */
export function retryDelayMs(outcome: Outcome, budget: Budget): number | undefined {
  if (budget.attempts >= budget.maxAttempts || !isRepeatable(outcome, budget.method)) return undefined;
  const askedForMs = outcome.kind === 'response' ? outcome.retryAfterMs : undefined;
  const delayMs = askedForMs ?? Math.floor(backoffMs({ attempts: budget.attempts, random: budget.random() }));
  return delayMs < budget.remainingMs ? delayMs : undefined;
}

function isRepeatable(outcome: Outcome, method: string): boolean {
  if (outcome.kind === 'failure') return IDEMPOTENT.has(method);
  if (IDEMPOTENT.has(method)) return outcome.status === 429 || BUSY_GATEWAY.has(outcome.status);
  return (outcome.status === 429 || outcome.status === 503) && outcome.retryAfterMs !== undefined;
}

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
const BUSY_GATEWAY: ReadonlySet<number> = new Set([502, 503, 504]);
