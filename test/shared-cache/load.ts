/** Calls without end on a cache, and how they fared. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TokenCache } from '@client-credentials/token-cache';
import type { Report } from './orders.ts';
import { acquireFrom, type Value } from './shared-value.ts';

export class Load {
  readonly #cache: TokenCache<Value>;
  readonly #valuesUrl: string;
  readonly #now: () => number;
  readonly #errors = new Set<string>();
  readonly #calls: number[] = [];
  #longestMs = 0;

  constructor({ cache, valuesUrl, now }: { cache: TokenCache<Value>; valuesUrl: string; now: () => number }) {
    this.#cache = cache;
    this.#valuesUrl = valuesUrl;
    this.#now = now;
  }

  /** Two callers for each key. */
  start(lifetimeMs: number): void {
    this.#calls.push(...Array.from({ length: 2 * KEYS }, () => 0));
    for (const index of this.#calls.keys()) void this.#callForEver(index, lifetimeMs);
  }

  /** The longest call since the last lap, in milliseconds. */
  lap(): number {
    const longestMs = this.#longestMs;
    this.#longestMs = 0;
    return longestMs;
  }

  report(): Pick<Report, 'calls' | 'errors'> {
    return { calls: Math.min(...this.#calls), errors: [...this.#errors] };
  }

  async #callForEver(caller: number, lifetimeMs: number): Promise<never> {
    const key = `load-${caller % KEYS}`;
    const acquireValue = acquireFrom({ key, lifetimeMs, valuesUrl: this.#valuesUrl, now: this.#now });
    const acquire = async (signal: AbortSignal): Promise<Value> => {
      const value = await acquireValue(signal);
      // Unequal, or all keys would fly at the same time for ever.
      const expiresAtMs = value.expiresAtMs - (Math.random() * lifetimeMs) / 2;
      return Object.freeze({ ...value, expiresAtMs, refreshAtMs: expiresAtMs });
    };
    for (;;) {
      const startedAtMs = performance.now();
      try {
        const { name } = await this.#cache.get(key, { acquire });
        if (!name.startsWith(`${key}#`)) this.#errors.add('a value of another key');
      } catch (error) {
        this.#errors.add(String(error));
      }
      this.#longestMs = Math.max(this.#longestMs, performance.now() - startedAtMs);
      this.#calls[caller] = (this.#calls[caller] ?? 0) + 1;
      await delay(PAUSE_MS);
    }
  }
}

const KEYS = 20;
const PAUSE_MS = 20;
