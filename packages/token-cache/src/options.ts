/** The options of a cache, their defaults and limits. Read once: a later change to the object changes nothing. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Expiring, FreshnessPolicy } from './freshness.ts';
import { expectStore, expectWithin, invalid, LONGEST_TIMER_MS } from './option-checks.ts';
import type { Codec } from './shared-values.ts';
import type { Store } from './store.ts';
import { estimateBytes } from './value-size.ts';

export interface TokenCacheOptions<V extends Expiring = Expiring> {
  /** How many values are kept. Beyond that the longest expired goes, else one not used lately. Default 10 000. */
  readonly maxEntries?: number | undefined;
  /** How much all keys and values may take together, in bytes as `sizeOf` says. Default 64 MiB. */
  readonly maxBytes?: number | undefined;
  /** How many bytes a value takes. Default: the length of what the codec makes of it, else an estimate by its own properties. */
  readonly sizeOf?: ((value: V) => number) | undefined;
  /** When values are due and expired. A `jitter` given here holds for every value; without it each gets its own. */
  readonly policy?: FreshnessPolicy | undefined;
  /** How long one `acquire` may take, waiting for other processes included, before its flight is given up. Default 30 000 ms. */
  readonly flightTimeoutMs?: number | undefined;
  /** Whether a failure of `acquire` rules out the old value, though that is still valid. Default: none does. */
  readonly isPermanent?: ((error: unknown) => boolean) | undefined;
  /** How long a permanent failure is remembered for calls with the same `refusalKey`. Default 60 000 ms; 0 remembers none. */
  readonly refusalMs?: number | undefined;
  /** Where values are shared with other processes. It is not closed with the cache. Default: nowhere. */
  readonly store?: Store | undefined;
  /** Turns values into bytes for the store, and back. Goes with a store. */
  readonly codec?: Codec<V> | undefined;
  /**
   * Stands before every key in the store: what its caches do not share is told apart by it, though their own keys be the same.
   * Default: nothing.
   */
  readonly storeKeyPrefix?: string | undefined;
  /** How long one operation of the store may take. Default 1 000 ms. */
  readonly storeTimeoutMs?: number | undefined;
  /** How long a store that failed is left alone. Default 30 000 ms. */
  readonly storeRetryAfterMs?: number | undefined;
  /** What events call this cache. Default `token-cache`. */
  readonly name?: string | undefined;
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Numbers from 0 to below 1, for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Waits between two looks at the store, and rejects when the signal aborts. Default: a timer that does not keep the process alive by itself. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

export interface Settings<V extends Expiring> {
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly sizeOf: (value: V) => number;
  readonly policy: FreshnessPolicy;
  readonly flightTimeoutMs: number;
  readonly isPermanent: (error: unknown) => boolean;
  readonly refusalMs: number;
  readonly sharing: Sharing<V> | undefined;
  readonly name: string;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What belongs to a store. */
interface Sharing<V> {
  readonly store: Store;
  readonly codec: Codec<V>;
  readonly keyPrefix: string;
  readonly timeoutMs: number;
  readonly retryAfterMs: number;
}

/** @throws {TokenCacheError} `invalid_option` naming the option, its value and what was expected */
export function readOptions<V extends Expiring>(options: TokenCacheOptions<V>): Settings<V> {
  const { maxEntries = 10_000, maxBytes = 64 * 1024 * 1024, policy = {}, flightTimeoutMs = 30_000, refusalMs = 60_000 } = options;
  const { isPermanent = () => false, name = 'token-cache', now = Date.now, random = Math.random, sleep = sleepUnreferenced } = options;
  const { codec, sizeOf = codec === undefined ? estimateBytes : (value: V): number => codec.encode(value).length } = options;
  const { marginMs, refreshBeforeMs, jitter } = policy;
  expectCount('maxEntries', maxEntries);
  expectCount('maxBytes', maxBytes);
  expectWithin('flightTimeoutMs', flightTimeoutMs, [1, LONGEST_TIMER_MS]);
  expectWithin('refusalMs', refusalMs, [0, Number.MAX_SAFE_INTEGER]);
  expectWithin('policy.marginMs', marginMs, [0, Number.MAX_SAFE_INTEGER]);
  expectWithin('policy.refreshBeforeMs', refreshBeforeMs, [0, Number.MAX_SAFE_INTEGER]);
  expectWithin('policy.jitter', jitter, [-1, 1]);
  return {
    maxEntries,
    maxBytes,
    sizeOf: sizeFrom(sizeOf),
    policy: { marginMs, refreshBeforeMs, jitter },
    flightTimeoutMs,
    isPermanent: judgeFrom(isPermanent),
    refusalMs,
    sharing: readSharing(options),
    name,
    now,
    random,
    sleep,
  };
}

function readSharing<V extends Expiring>(options: TokenCacheOptions<V>): Sharing<V> | undefined {
  const { store, codec, storeKeyPrefix = '', storeTimeoutMs = 1_000, storeRetryAfterMs = 30_000 } = options;
  if (store === undefined) return undefined;
  if (typeof codec?.encode !== 'function' || typeof codec.decode !== 'function') {
    throw invalid(
      'codec',
      codec,
      'an object with encode and decode, since there is a store and values are never serialised without being told how',
    );
  }
  expectStore('store', store);
  if (typeof storeKeyPrefix !== 'string') throw invalid('storeKeyPrefix', storeKeyPrefix, 'a text');
  expectWithin('storeTimeoutMs', storeTimeoutMs, [1, LONGEST_TIMER_MS]);
  expectWithin('storeRetryAfterMs', storeRetryAfterMs, [0, Number.MAX_SAFE_INTEGER]);
  return { store, codec, keyPrefix: storeKeyPrefix, timeoutMs: storeTimeoutMs, retryAfterMs: storeRetryAfterMs };
}

/** A judge that fails itself has judged nothing. */
function judgeFrom(isPermanent: (error: unknown) => boolean): (error: unknown) => boolean {
  return (error) => {
    try {
      return isPermanent(error) === true;
    } catch {
      return false;
    }
  };
}

/** That a size cannot be told is no reason to lose a value. */
function sizeFrom<V>(sizeOf: (value: V) => number): (value: V) => number {
  return (value) => {
    try {
      const bytes = sizeOf(value);
      if (Number.isFinite(bytes) && bytes >= 0) return bytes;
    } catch {}
    return estimateBytes(value);
  };
}

async function sleepUnreferenced(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { ref: false, ...(signal !== undefined && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

function expectCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) throw invalid(name, value, 'a whole number of at least 1');
}
