/** Attempts at a token until one brings it, the failure is final, or the time is up. */
import { type AccessToken, ProtocolError, TokenResponseError } from '@client-credentials/protocol';
import { TokenSourceError, withAttempts } from '../errors.ts';
import { attemptToken, type RequestContext } from './attempt.ts';
import { nextStep } from './next-step.ts';

/** How long and how often to try. */
export interface RetryContext extends RequestContext {
  readonly maxAttempts: number;
  readonly deadlineMs: number;
}

/**
 * A token, after as many attempts as it takes and may take. The last attempt is cut to what the deadline leaves.
 *
 * @throws {TokenSourceError} `throttled` when the server wants a longer wait than the deadline leaves; else what the last attempt threw
 */
export async function acquireToken(context: RetryContext, scopes: readonly string[], signal: AbortSignal): Promise<AccessToken> {
  const { maxAttempts, attemptTimeoutMs, now, random, sleep } = context;
  const deadlineAtMs = now() + context.deadlineMs;
  for (let attempts = 1; ; attempts += 1) {
    try {
      const timeoutMs = Math.max(1, Math.min(attemptTimeoutMs, deadlineAtMs - now()));
      return await attemptToken(context, { scopes, attempts, signal, timeoutMs });
    } catch (error) {
      signal.throwIfAborted();
      const step = nextStep({ ...failureOf(error), attempts, maxAttempts, nowMs: now(), deadlineAtMs, random: random() });
      if (step.kind === 'throttled') throw throttled(step.retryAtMs, attempts, error);
      if (step.kind === 'fail') throw error instanceof TokenSourceError ? withAttempts(error, attempts) : error;
      await sleep(step.ms, signal);
    }
  }
}

function failureOf(error: unknown): { readonly transient: boolean; readonly retryAfterMs: number | undefined } {
  return {
    transient: (error instanceof TokenSourceError || error instanceof ProtocolError) && error.transient,
    retryAfterMs: error instanceof TokenResponseError ? error.retryAfterMs : undefined,
  };
}

function throttled(retryAtMs: number, attempts: number, cause: unknown): TokenSourceError {
  const at = new Date(retryAtMs).toISOString();
  const message = `The server takes no more requests before ${at}, which is later than this call may last; ask again then`;
  return new TokenSourceError('throttled', message, { transient: true, retryAtMs, attempts, cause });
}
