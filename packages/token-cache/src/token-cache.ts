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
   * With a store, a flight first looks there, and acquires only if no other process does; then it waits for what that one leaves.
   * A store that fails costs its time limit once, and is then left alone for a while: each process acquires for itself.
   *
   * @throws what `acquire` threw, to all who wait; it is not remembered, but for `refusalKey`
   * @throws the signal's reason when `signal` is aborted
   * @throws {TokenCacheError} `deadline`, `flight_timeout`, `refused_recently` with the refusal as its cause, `closed`
   */
  get(key: string, options: GetOptions<V>): Promise<V>;
  /** What is known of a key, or `undefined` when no value is kept. Does not count as use. */
  inspect(key: string): Inspection | undefined;
  /**
   * Drops the value of a key, here and in the store; true if there was one here. A flight under way still serves those who wait for
   * it but leaves nothing behind, and later calls wait it out before they start the next. Other processes keep what they have in memory.
   *
   * @throws what the store rejects with, or `store_timeout`; here the value is gone all the same
   */
  delete(key: string): Promise<boolean>;
  /** `delete` for every key whose value is kept here under this tag; how many there were. */
  deleteTag(tag: string): Promise<number>;
  /** `delete` for every key whose value is kept here. What only other processes have left in the store stays there. */
  clear(): Promise<void>;
  /** How many values are kept, expired ones included. */
  readonly size: number;
  /**
   * Aborts every flight and drops every value, here and not in the store. Waiting and later calls of `get` reject with `closed`.
   * Resolves when what was being written in the store has ended.
   */
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
  /** Whatever is kept, here or in the store, wait for the flight under way or a new one, and fail if it fails. Default false. */
  readonly forceRefresh?: boolean | undefined;
  /**
   * What a permanent failure depends on beside the key, such as the fingerprint of a credential. While such a failure is remembered,
   * calls with the same one get `refused_recently` in place of a new `acquire`, unless they force it. Absent: none is remembered.
   */
  readonly refusalKey?: string | undefined;
  /** Marks for `deleteTag`, kept with the value that a flight of this call brings. */
  readonly tags?: readonly string[] | undefined;
}

export interface Inspection {
  readonly freshness: Freshness;
  readonly refreshing: boolean;
  readonly dueAtMs: number;
  readonly expiresAtMs: number;
}
