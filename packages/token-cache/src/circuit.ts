/** A time limit on everything that is asked of a store, and a stop to asking one that has failed. */
import { TokenCacheError } from './errors.ts';
import { type Wait, within } from './time-limit.ts';
import { Turns } from './turns.ts';

export interface CircuitOptions {
  /** How long one operation may take. */
  readonly timeoutMs: number;
  /** How long a store that failed is left alone. */
  readonly retryAfterMs: number;
  readonly now: () => number;
  readonly onChange: (state: 'open' | 'closed') => void;
}

/** What is asked of a store. The signal aborts when its time is over; how it ends after that concerns nobody. */
export type Operation<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Closed, it lets everything through. A read that fails, or anything that takes too long, opens it: from then on nobody waits for
 * the store. After a while a read is sent behind the back of the caller who asked for it, one at a time, and when such a one succeeds
 * the circuit is closed again. What was under way when it opened goes on.
 */
export class Circuit {
  readonly #options: CircuitOptions;
  #retryAtMs: number | undefined;
  #probing = false;
  readonly #turns = new Turns(AT_ONCE);

  constructor(options: CircuitOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#retryAtMs !== undefined;
  }

  /** @throws {TokenCacheError} `store_unavailable` at once when open, `store_timeout` */
  async read<T>(operation: Operation<T>): Promise<T> {
    if (this.isOpen && this.#isProbeDue()) void this.#probe(operation);
    return this.#whileClosed(async () => {
      try {
        return await this.#limited(operation);
      } catch (error) {
        this.#open();
        throw error;
      }
    });
  }

  /** Likewise for what changes something, and so is never tried out. That it fails in time says nothing of reading. */
  change<T>(operation: Operation<T>, options: Pick<Wait<T>, 'onLate'> = {}): Promise<T> {
    return this.#whileClosed(() => this.#limited(operation, options));
  }

  /** Under the time limit only, whether open or not. */
  attempt<T>(operation: Operation<T>): Promise<T> {
    return this.#inTurn(() => this.#limited(operation));
  }

  async #whileClosed<T>(ask: () => Promise<T>): Promise<T> {
    if (this.isOpen) throw unavailable();
    return this.#inTurn(async () => {
      // It may have opened while this one waited for its turn.
      if (this.isOpen) throw unavailable();
      return ask();
    });
  }

  /** Thousands of operations at once would outlast their time by their number alone, and a store that answers would pass for dead. */
  async #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const turn = this.#turns.begin();
    if (turn !== undefined) await turn;
    try {
      return await ask();
    } finally {
      this.#turns.end();
    }
  }

  /** `onLate` is given what comes when the time is over. */
  async #limited<T>(operation: Operation<T>, options: Pick<Wait<T>, 'keepsAlive' | 'onLate'> = {}): Promise<T> {
    try {
      return await within(operation, { ...options, timeoutMs: this.#options.timeoutMs });
    } catch (error) {
      // Also the store's own, which is the earlier one when its limit is the lower.
      if (error instanceof TokenCacheError && error.code === 'store_timeout') this.#open();
      throw error;
    }
  }

  #isProbeDue(): boolean {
    const { now, retryAfterMs } = this.#options;
    const leftMs = (this.#retryAtMs ?? 0) - now();
    // More than the whole pause is left when the clock was set back.
    return !this.#probing && !(leftMs > 0 && leftMs <= retryAfterMs);
  }

  async #probe(operation: Operation<unknown>): Promise<void> {
    this.#probing = true;
    try {
      await this.#limited(operation, { keepsAlive: false });
      this.#close();
    } catch {
      this.#open();
    } finally {
      this.#probing = false;
    }
  }

  #open(): void {
    const { now, retryAfterMs, onChange } = this.#options;
    const wasClosed = !this.isOpen;
    this.#retryAtMs = now() + retryAfterMs;
    if (wasClosed) onChange('open');
  }

  #close(): void {
    this.#retryAtMs = undefined;
    this.#options.onChange('closed');
  }
}

function unavailable(): TokenCacheError {
  return new TokenCacheError('store_unavailable', 'the store failed lately and is left alone for a while');
}

/** How many operations a store has to do at the same time. */
const AT_ONCE = 64;
