/** What a cache does for its callers. */
import type { Expiring, Freshness } from './freshness.ts';

/**
 * Keeps values that expire. A value is the same object for every caller, so it should be frozen; none that is kept is handed out
 * at or after its expiry by the cache's clock. At any time a key has at most one flight, which is one call of `acquire`.
 */
export interface TokenCache<V extends Expiring> {
  /** The value when it is fresh, else `undefined`. Synchronous; counts as use; starts nothing. */
  peek(key: string): V | undefined;
  /**
   * A value that may be used now. A fresh one is given at once. So is one that is due, while a flight renews it in the
   * background; a failure of that reaches no caller, and the next attempt waits 30 s, then twice as long, up to 5 min.
   * Otherwise the call waits for the key's flight. Should that fail, an old value that has not reached its expiry is given,
   * unless `isPermanent` says the failure rules it out. What a flight brings goes to all who wait, even if it has expired on
   * the way or says so from the start; then it is not kept.
   *
   * @throws what `acquire` threw, to all who wait, and it is not remembered
   * @throws the signal's reason when `signal` is aborted
   * @throws {TokenCacheError} `deadline`, `flight_timeout`, `closed`
   */
  get(key: string, options: GetOptions<V>): Promise<V>;
  /** What is known of a key, or `undefined` when no value is kept. Does not count as use. */
  inspect(key: string): Inspection | undefined;
  /**
   * Drops the value of a key; true if there was one. A flight under way still serves those who wait for it but leaves nothing
   * behind, and later calls wait it out before they start the next.
   */
  delete(key: string): Promise<boolean>;
  /** `delete` for every key. */
  clear(): Promise<void>;
  /** How many values are kept, expired ones included. */
  readonly size: number;
  /** Aborts every flight and drops every value. Waiting and later calls of `get` reject with `closed`. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface GetOptions<V extends Expiring> {
  /** Makes a new value. Called only if a flight starts; the signal is the flight's own and aborts at its deadline or on `close()`. */
  readonly acquire: (signal: AbortSignal) => Promise<V>;
  /** Ends this call, not the flight. */
  readonly signal?: AbortSignal | undefined;
  /** Until when this call waits for a flight, in epoch milliseconds; the flight goes on. Default: until it lands. */
  readonly deadlineAtMs?: number | undefined;
  /** A value the cache gave that proved useless. While it is the one kept it is dropped, so nobody gets it again; a newer one is given as usual. */
  readonly rejected?: V | undefined;
  /** Whatever is kept, wait for the flight under way or a new one, and fail if it fails. Default false. */
  readonly forceRefresh?: boolean | undefined;
}

export interface Inspection {
  readonly freshness: Freshness;
  readonly refreshing: boolean;
  readonly dueAtMs: number;
  readonly expiresAtMs: number;
}
