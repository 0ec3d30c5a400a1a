/**
 * Ends loops of new tokens that bring nothing: a program that forces one for every call, or an API that refuses each. Entra locks such a
 * client out for minutes (AADSTS50196), together with everything else that it does.
 */
import { BoundedMap } from '../bounded-map.ts';
import { TokenSourceError } from '../errors.ts';

export class LoopGuard {
  /** By key, when each of the last few was demanded, epoch milliseconds. */
  readonly #demanded = new BoundedMap<readonly number[]>(MOST_KEYS);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Remembers a request that was made though a token was kept. */
  note(key: string): void {
    this.#demanded.set(key, [...this.#lately(key), this.#now()]);
  }

  /** When another such request may be made, epoch milliseconds; `undefined` if that is now. */
  loopsUntilMs(key: string): number | undefined {
    const lately = this.#lately(key);
    return lately.length < MOST_DEMANDED ? undefined : (lately[0] ?? 0) + WINDOW_MS;
  }

  /** @throws {TokenSourceError} `throttled`, with the time when it may be tried again */
  requireNone(key: string): void {
    const retryAtMs = this.loopsUntilMs(key);
    if (retryAtMs !== undefined) throw new TokenSourceError('throttled', LOOPING, { transient: true, retryAtMs });
  }

  #lately(key: string): readonly number[] {
    const nowMs = this.#now();
    return (this.#demanded.get(key) ?? []).filter((atMs) => atMs <= nowMs && nowMs < atMs + WINDOW_MS);
  }
}

/** What is told of a loop. */
export const LOOPING =
  'New tokens are demanded again and again though one is kept; see why the API refuses them, and call without forceRefresh';

/** Far more than any rotation or outage needs, and less than Entra's patience. */
const MOST_DEMANDED = 10;
const WINDOW_MS = 60_000;
const MOST_KEYS = 1_000;
