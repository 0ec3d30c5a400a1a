/** A wait that ends with its signal, whatever becomes of what is waited for. */
import type { MaybePromise } from '@client-credentials/protocol';

/** What `start` brings; at the abort the signal's reason is thrown at once, even if what was started does not heed it. */
export function untilAborted<T>(start: () => MaybePromise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const started = (async () => start())();
    started.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
