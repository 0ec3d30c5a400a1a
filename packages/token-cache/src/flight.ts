/**
 * One acquisition that any number of callers wait for. It belongs to none of them: it has its own abort signal and its own
 * deadline, and goes on when all have left.
 */
import { TokenCacheError } from './errors.ts';
import { type Waiter, waitFor } from './waiter.ts';

export class Flight<T, R> {
  /** What its first caller asked for. */
  readonly request: R;
  /** Set when the key was removed meanwhile: those who wait still get what the flight brings, but nobody else does. */
  discarded = false;
  readonly #controller = new AbortController();
  readonly #deadline: ReturnType<typeof setTimeout>;
  readonly #landing: Promise<T>;
  #waiting = 0;

  /** Takes off at once: runs `fly` with the flight itself. What `fly` returns is what waiters get. */
  constructor({ timeoutMs, request, fly }: { timeoutMs: number; request: R; fly: (flight: Flight<T, R>) => Promise<T> }) {
    this.request = request;
    this.#deadline = setTimeout(() => this.giveUp(timedOut(timeoutMs)), timeoutMs);
    // This timer alone keeps the process alive, and only while somebody waits: `acquire` may unref all it uses.
    this.#deadline.unref();
    let land: (outcome: Promise<T>) => void = () => {};
    this.#landing = new Promise((resolve) => {
      land = resolve;
    });
    // A flight that fails with nobody waiting is nobody's unhandled rejection.
    this.#landing.catch(() => {});
    // Only now, since `acquire` may ask for the very key it is called for, and then waits like everybody.
    land(fly(this).finally(() => clearTimeout(this.#deadline)));
  }

  /**
   * Does a part of the flight, and rejects when the flight is given up even if that part ignores its signal. A value that comes after
   * that is dropped: nobody waits for it, and the next flight of the key may already have brought a newer one.
   */
  unlessGivenUp<V>(part: (signal: AbortSignal) => Promise<V>): Promise<V> {
    const { signal } = this.#controller;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      part(signal).then(resolve, reject);
    });
  }

  /** Aborts all parts and fails the flight with `error`. */
  giveUp(error: TokenCacheError): void {
    this.#controller.abort(error);
  }

  /** Resolves when the flight has ended, however it did. */
  async ended(): Promise<void> {
    await this.#landing.catch(() => {});
  }

  async wait(waiter: Waiter): Promise<T> {
    this.#waiting += 1;
    this.#deadline.ref();
    try {
      return await waitFor(this.#landing, waiter);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#deadline.unref();
    }
  }
}

function timedOut(timeoutMs: number): TokenCacheError {
  return new TokenCacheError('flight_timeout', `no value came within ${timeoutMs} ms; have acquire end sooner, or raise flightTimeoutMs`);
}
