/** A limit on how long an answer is waited for. */
import { TokenCacheError } from './errors.ts';

export interface Wait<T> {
  readonly timeoutMs: number;
  /** Ends the wait too. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the wait keeps the process alive. Default true. */
  readonly keepsAlive?: boolean;
  /** Is given the answer that comes when the wait is over. */
  readonly onLate?: ((answer: T) => void) | undefined;
}

/**
 * What `ask` brings in time, which is longer where this very process was too busy to look. Its signal aborts when the wait is over,
 * and how it ends after that is nobody's unhandled rejection.
 *
 * @throws {TokenCacheError} `store_timeout`
 * @throws the reason of the signal
 */
export async function within<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, signal, keepsAlive = true, onLate }: Wait<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort = (): void => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      const giveUp = (reason: unknown): void => {
        reject(reason);
        controller.abort(reason);
      };
      onAbort = () => giveUp(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      const arm = (ms: number, { extensions }: { extensions: number }): void => {
        const dueAtMs = performance.now() + ms;
        timer = setTimeout(() => {
          // A process that was busy finds the time over before it has looked at what came in. What it was late itself, it waits longer.
          const lateMs = performance.now() - dueAtMs;
          if (lateMs > LATE_MS && extensions > 0) arm(Math.min(lateMs, timeoutMs), { extensions: extensions - 1 });
          else giveUp(timedOut(timeoutMs));
        }, ms);
        if (!keepsAlive) timer.unref();
      };
      arm(timeoutMs, { extensions: 3 });
      const asked = async (): Promise<T> => ask(controller.signal);
      asked().then((answer) => {
        if (controller.signal.aborted) onLate?.(answer);
        else resolve(answer);
      }, reject);
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function timedOut(timeoutMs: number): TokenCacheError {
  return new TokenCacheError('store_timeout', `the store did not answer within ${timeoutMs} ms`);
}

/** From here on a timer is late by more than its own coarseness. */
const LATE_MS = 20;
