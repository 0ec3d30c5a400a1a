/** What to do about an answer. Pure: a function of the answer and of what was done for this call before. RFC 6750 §3.1. */
import { parseChallenges, remedyOf } from '@client-credentials/protocol';
import type { Dispatcher } from 'undici';
import type { Call } from './call.ts';
import { fieldsOf } from './headers.ts';
import { followRedirect, MOST_REDIRECTS } from './redirect.ts';
import { retryDelayMs } from './retry/decision.ts';
import { readRetryAfterMs } from './retry/retry-after.ts';
import type { Settings } from './settings.ts';

/** What was done for a call so far. */
export interface Progress {
  readonly call: Call;
  /** Counted from 1. */
  readonly attempt: number;
  /** Whether another token may still be asked for. RFC 6750 §3.1: once. */
  readonly renewable: boolean;
  /** Whether the API may still ask for a nonce of a token that has proofs. RFC 9449 §9: once. */
  readonly nonceable: boolean;
  /** Whether a 403 may be due to the token's age. */
  readonly refreshable: boolean;
  readonly redirects: number;
}

/**
 * - `wait`: the same again, after a pause.
 * - `renew`: the same again with another token, which has these claims or is just newer.
 * - `nonce`: the same again with a new proof.
 * - `follow`: another call in place of this one.
 */
export type NextStep =
  | { readonly kind: 'wait'; readonly delayMs: number }
  | { readonly kind: 'renew'; readonly remedy: 'renew' | 'claims' | 'refresh'; readonly claims?: string }
  | { readonly kind: 'nonce' }
  | { readonly kind: 'follow'; readonly call: Call };

/** `undefined` if this answer is the final one. */
export function nextStep(
  response: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'>,
  progress: Progress,
  settings: Settings,
): NextStep | undefined {
  const { statusCode: status } = response;
  if (status >= 200 && status < 300) return undefined;
  const { call } = progress;
  if (status === 401) return call.authorize && call.isReplayable ? stepAfter401(response.headers, progress) : undefined;
  if (status === 403) {
    return call.authorize && call.isReplayable && progress.renewable && progress.refreshable
      ? { kind: 'renew', remedy: 'refresh' }
      : undefined;
  }
  if (status < 400) {
    const followed = progress.redirects < MOST_REDIRECTS ? followRedirect(call, response, settings.egress) : undefined;
    return followed === undefined ? undefined : { kind: 'follow', call: followed };
  }
  const retryAfterMs = readRetryAfterMs(response.headers, settings.now());
  const delayMs = retryDelayMs({ kind: 'response', status, retryAfterMs }, attempted(progress, settings));
  return delayMs === undefined ? undefined : { kind: 'wait', delayMs };
}

/** What a decision about a repetition is made of. */
export function attempted({ call, attempt }: Progress, { maxAttempts, random, now }: Settings): Parameters<typeof retryDelayMs>[1] {
  const { isIdempotent, isReplayable, deadlineAtMs } = call;
  return { isIdempotent, isReplayable, attempts: attempt, maxAttempts, remainingMs: deadlineAtMs - now(), random };
}

function stepAfter401(headers: Dispatcher.ResponseData['headers'], progress: Progress): NextStep | undefined {
  const remedy = remedyOf(parseChallenges(fieldsOf(headers, 'www-authenticate')));
  switch (remedy.kind) {
    case 'claims':
      return progress.renewable ? { kind: 'renew', remedy: 'claims', claims: remedy.claims } : undefined;
    case 'renew':
      return progress.renewable ? { kind: 'renew', remedy: 'renew' } : undefined;
    case 'nonce':
      return progress.nonceable ? { kind: 'nonce' } : undefined;
    case 'none':
      return undefined;
  }
}
