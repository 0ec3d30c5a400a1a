/** The cache at work: what a call gets from what is kept, when a flight starts, and what its outcome means for those who wait. */
import { AbortListeners } from './abort-listeners.ts';
import { Entries } from './entries.ts';
import { Entry } from './entry.ts';
import { TokenCacheError } from './errors.ts';
import { Flight } from './flight.ts';
import { type Expiring, freshnessBetween } from './freshness.ts';
import { readOptions, type Settings, type TokenCacheOptions } from './options.ts';
import type { GetOptions, Inspection, TokenCache } from './token-cache.ts';
import { deadlinePassed } from './waiter.ts';

/** @throws {TokenCacheError} `invalid_option` */
export function createTokenCache<V extends Expiring>(options: TokenCacheOptions<V> = {}): TokenCache<V> {
  return new SingleFlightCache<V>(readOptions(options));
}

/** What a flight brought to all who wait. `fallback` is the old value, when the failure leaves it usable. */
type Outcome<V> = { readonly value: V } | { readonly error: unknown; readonly fallback?: V };

class SingleFlightCache<V extends Expiring> implements TokenCache<V> {
  readonly #settings: Settings;
  readonly #now: () => number;
  readonly #entries: Entries<V>;
  readonly #flights = new Map<string, Flight<Outcome<V>>>();
  readonly #abortListeners = new AbortListeners();
  #closed = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#now = settings.now;
    this.#entries = new Entries(settings);
  }

  get size(): number {
    return this.#entries.size;
  }

  peek(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || !(this.#now() < entry.dueAtMs)) return undefined;
    // Not written when it is set: a write to each of many entries costs more than the look-up.
    if (!entry.used) entry.used = true;
    return entry.value;
  }

  async get(key: string, options: GetOptions<V>): Promise<V> {
    // Copied, because the call outlives this turn and its caller may use the object again.
    const { acquire, signal, deadlineAtMs, rejected, forceRefresh = false } = options;
    signal?.throwIfAborted();
    if (rejected !== undefined && this.#entries.get(key)?.value === rejected) this.#entries.delete(key);

    const kept = this.#entries.get(key);
    if (kept !== undefined) {
      kept.used = true;
      const nowMs = this.#now();
      const freshness = freshnessBetween(nowMs, kept);
      if (freshness !== 'expired' && !forceRefresh) {
        if (freshness === 'due' && kept.mayRefresh(nowMs) && !this.#flights.has(key)) this.#takeOff(key, acquire);
        return kept.value;
      }
    }

    const outcome = await this.#outcome(key, { acquire, signal, deadlineAtMs });
    if ('value' in outcome) return outcome.value;
    if (outcome.fallback !== undefined && !forceRefresh) return outcome.fallback;
    throw outcome.error;
  }

  inspect(key: string): Inspection | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const { dueAtMs, expiresAtMs } = entry;
    return { freshness: freshnessBetween(this.#now(), entry), refreshing: this.#flights.has(key), dueAtMs, expiresAtMs };
  }

  async delete(key: string): Promise<boolean> {
    const flight = this.#flights.get(key);
    if (flight !== undefined) flight.discarded = true;
    return this.#entries.delete(key);
  }

  async clear(): Promise<void> {
    for (const flight of this.#flights.values()) flight.discarded = true;
    this.#entries.clear();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#entries.clear();
    for (const flight of this.#flights.values()) flight.giveUp(closed());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Waits for the flight of the key, under way or new, as long as this caller wants to. */
  async #outcome(key: string, { acquire, signal, deadlineAtMs }: GetOptions<V>): Promise<Outcome<V>> {
    for (;;) {
      this.#expectOpen();
      const remainingMs = deadlineAtMs === undefined ? undefined : deadlineAtMs - this.#now();
      if (remainingMs !== undefined && !(remainingMs > 0)) throw deadlinePassed();

      const flight = this.#flights.get(key) ?? this.#takeOff(key, acquire);
      const tookOffBeforeRemoval = flight.discarded;
      const outcome = await flight.wait({ signal, remainingMs, abortListeners: this.#abortListeners });
      if (!tookOffBeforeRemoval) return outcome;
    }
  }

  #takeOff(key: string, acquire: GetOptions<V>['acquire']): Flight<Outcome<V>> {
    return new Flight({ timeoutMs: this.#settings.flightTimeoutMs, fly: (flight) => this.#fly(key, flight, acquire) });
  }

  /** The whole of a flight, from its entry in the list of flights to its outcome. The one place where outcomes are decided. */
  async #fly(key: string, flight: Flight<Outcome<V>>, acquire: GetOptions<V>['acquire']): Promise<Outcome<V>> {
    this.#flights.set(key, flight);
    try {
      const value = await flight.acquire(acquire);
      this.#expectOpen();
      const nowMs = this.#now();
      const isUsable = Number.isFinite(value.expiresAtMs) && nowMs < value.expiresAtMs;
      if (!isUsable) this.#entries.get(key)?.pauseRefresh(nowMs);
      else if (!flight.discarded) this.#keep(key, value, nowMs);
      return { value };
    } catch (error) {
      return this.#failed(key, error);
    } finally {
      this.#flights.delete(key);
    }
  }

  #keep(key: string, value: V, nowMs: number): void {
    const { policy, random } = this.#settings;
    const jitter = policy.jitter ?? 2 * random() - 1;
    this.#entries.set(new Entry({ key, value, policy: { ...policy, jitter }, nowMs }), { nowMs });
  }

  #failed(key: string, error: unknown): Outcome<V> {
    const kept = this.#entries.get(key);
    if (kept === undefined) return { error };
    const nowMs = this.#now();
    kept.pauseRefresh(nowMs);
    const isUsable = nowMs < kept.expiresAtMs && !this.#settings.isPermanent(error);
    return isUsable ? { error, fallback: kept.value } : { error };
  }

  #expectOpen(): void {
    if (this.#closed) throw closed();
  }
}

function closed(): TokenCacheError {
  return new TokenCacheError('closed', 'the cache is closed; create another to go on');
}
