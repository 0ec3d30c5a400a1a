/** One caller's wait for something that many wait for: it may end early, and then ends nobody else's. */
import type { AbortListeners } from './abort-listeners.ts';
import { TokenCacheError } from './errors.ts';
import { LONGEST_TIMER_MS } from './option-checks.ts';

export interface Waiter {
  readonly signal: AbortSignal | undefined;
  readonly remainingMs: number | undefined;
  readonly abortListeners: AbortListeners;
}

/**
 * What `shared` brings, or a rejection with the signal's reason or `deadline`, whichever comes first. One timer and one
 * listener a caller: `AbortSignal.any` and `AbortSignal.timeout` are slow and hold memory on Node 20.
 */
export function waitFor<T>(shared: Promise<T>, { signal, remainingMs, abortListeners }: Waiter): Promise<T> {
  let stopListening: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new Promise<T>((resolve, reject) => {
    shared.then(resolve, reject);
    if (signal !== undefined) stopListening = abortListeners.add(signal, () => reject(signal.reason));
    if (remainingMs !== undefined) timer = setTimeout(() => reject(deadlinePassed()), Math.min(remainingMs, LONGEST_TIMER_MS));
  }).finally(() => {
    stopListening?.();
    clearTimeout(timer);
  });
}

export function deadlinePassed(): TokenCacheError {
  return new TokenCacheError(
    'deadline',
    'deadlineAtMs passed before there was a new value; allow more time, or call again for what the flight brings',
  );
}
