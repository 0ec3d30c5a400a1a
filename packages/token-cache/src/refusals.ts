/** Permanent refusals, remembered briefly: asking again with the same credential would only be refused again. */
import { TokenCacheError } from './errors.ts';
import { LatestByKey } from './latest-by-key.ts';

interface Refusal {
  readonly refusalKey: string;
  readonly error: unknown;
  readonly untilMs: number;
}

/** The latest refusal of each key, at most a thousand of them. */
export class Refusals {
  readonly #byKey = new LatestByKey<Refusal>({ most: 1_000 });
  readonly #refusalMs: number;

  constructor({ refusalMs }: { refusalMs: number }) {
    this.#refusalMs = refusalMs;
  }

  remember(key: string, { refusalKey, error, nowMs }: { refusalKey: string; error: unknown; nowMs: number }): void {
    this.#byKey.set(key, { refusalKey, error, untilMs: nowMs + this.#refusalMs });
  }

  /** The error to give instead of asking again; `undefined` when none is remembered for this key and refusal key. */
  find(key: string, { refusalKey, nowMs }: { refusalKey: string | undefined; nowMs: number }): TokenCacheError | undefined {
    const refusal = this.#byKey.get(key);
    if (refusal === undefined || refusal.refusalKey !== refusalKey) return undefined;
    const { error: cause, untilMs } = refusal;
    // More than the whole time is left: the clock was set back.
    if (!(nowMs < untilMs && untilMs - nowMs <= this.#refusalMs)) return undefined;
    const message = 'acquire was refused a moment ago, and would be again; mend the cause, or use forceRefresh to ask all the same';
    return new TokenCacheError('refused_recently', message, { cause, retryAtMs: untilMs });
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }

  clear(): void {
    this.#byKey.clear();
  }
}
