/** The cache as its callers meet it: what a call gets from what is kept, when a flight starts, and which outcomes are an answer to it. */
import { AbortListeners } from './abort-listeners.ts';
import { Entries } from './entries.ts';
import type { Entry } from './entry.ts';
import { TokenCacheError } from './errors.ts';
import { Events } from './events.ts';
import { Flights, isRefusedRecently, type KeyFlight, type Outcome } from './flights.ts';
import { type Expiring, freshnessBetween } from './freshness.ts';
import { LatestByKey } from './latest-by-key.ts';
import { invalid } from './option-checks.ts';
import { readOptions, type Settings, type TokenCacheOptions } from './options.ts';
import { Refusals } from './refusals.ts';
import { SharedValues } from './shared-values.ts';
import { StoreWork } from './store-work.ts';
import type { GetOptions, Inspection, TokenCache } from './token-cache.ts';
import { deadlinePassed } from './waiter.ts';

/** @throws {TokenCacheError} `invalid_option` */
export function createTokenCache<V extends Expiring>(options: TokenCacheOptions<V> = {}): TokenCache<V> {
  return new SingleFlightCache<V>(readOptions(options));
}

class SingleFlightCache<V extends Expiring> implements TokenCache<V> {
  readonly #now: () => number;
  readonly #events: Events;
  readonly #entries: Entries<V>;
  readonly #refusals: Refusals;
  readonly #shared: SharedValues<V> | undefined;
  readonly #storeWork: StoreWork<V> | undefined;
  /** What callers have rejected, which could still come back from the store. */
  readonly #rejections = new LatestByKey<V>({ most: 1_000 });
  readonly #flights: Flights<V>;
  readonly #abortListeners = new AbortListeners();
  #closed = false;

  constructor(settings: Settings<V>) {
    const { now, name, sharing } = settings;
    const events = new Events(name, sharing);
    const entries = new Entries<V>({ ...settings, onEviction: (key, reason) => events.publish('eviction', key, { reason }) });
    const refusals = new Refusals(settings);
    const shared = sharing && new SharedValues<V>({ ...sharing, cache: name, now });
    this.#now = now;
    this.#events = events;
    this.#entries = entries;
    this.#refusals = refusals;
    this.#shared = shared;
    this.#storeWork = shared && new StoreWork(shared);
    this.#flights = new Flights({ settings, events, entries, refusals, rejections: this.#rejections, shared, storeWork: this.#storeWork });
  }

  get size(): number {
    return this.#entries.size;
  }

  peek(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || !(this.#now() < entry.dueAtMs)) return undefined;
    // Not written when it is set: a write to each of many entries costs more than the look-up.
    if (!entry.used) entry.used = true;
    this.#events.hit(key);
    return entry.value;
  }

  async get(key: string, options: GetOptions<V>): Promise<V> {
    // Copied, because the call outlives this turn and its caller may use the object again.
    const request: GetOptions<V> = { ...options, tags: options.tags && [...new Set(options.tags)] };
    const { acquire, signal, forceRefresh = false } = request;
    if (typeof acquire !== 'function') throw invalid('acquire', acquire, 'a function');
    signal?.throwIfAborted();
    if (this.#shared !== undefined && request.rejected !== undefined) this.#rejections.set(key, request.rejected);
    const wasRejected = this.#dropRejected(key, request);

    const kept = this.#entries.get(key);
    if (kept !== undefined) {
      kept.used = true;
      const freshness = freshnessBetween(this.#now(), kept);
      if (freshness !== 'expired' && !forceRefresh) {
        if (freshness === 'due') this.#giveDue(key, kept, request);
        else this.#events.hit(key);
        return kept.value;
      }
    }

    const reason = wasRejected ? 'rejected' : forceRefresh ? 'forced' : kept === undefined ? 'absent' : 'expired';
    this.#events.publish('miss', key, { reason });
    const outcome = await this.#outcome(key, request);
    if ('value' in outcome) return outcome.value;
    if (outcome.fallback !== undefined && !forceRefresh && !this.#isRejected(outcome.fallback, request)) return outcome.fallback;
    throw outcome.error;
  }

  inspect(key: string): Inspection | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const { dueAtMs, expiresAtMs } = entry;
    return { freshness: freshnessBetween(this.#now(), entry), refreshing: this.#flights.of(key) !== undefined, dueAtMs, expiresAtMs };
  }

  async delete(key: string): Promise<boolean> {
    const wasKept = this.#drop(key);
    await this.#storeWork?.delete([key]);
    return wasKept;
  }

  async deleteTag(tag: string): Promise<number> {
    for (const key of this.#flights.keys(tag)) this.#flights.discard(key);
    const keys = this.#entries.keysOf(tag);
    for (const key of keys) this.#drop(key);
    await this.#storeWork?.delete(keys);
    return keys.length;
  }

  async clear(): Promise<void> {
    const keys = this.#entries.keys();
    for (const key of this.#flights.keys()) this.#flights.discard(key);
    this.#refusals.clear();
    this.#entries.clear();
    await this.#storeWork?.delete(keys);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#entries.clear();
    this.#refusals.clear();
    this.#rejections.clear();
    await this.#flights.close(closed());
    await this.#storeWork?.idle();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #giveDue(key: string, kept: Entry<V>, request: GetOptions<V>): void {
    const isUnderWay = this.#flights.of(key) !== undefined;
    const takesOff = !isUnderWay && kept.mayRefresh(this.#now());
    if (takesOff) this.#flights.takeOff(key, request, { background: true });
    this.#events.publish('due', key, { refreshing: isUnderWay || takesOff });
  }

  /** Waits for the flight of the key, under way or new, as long as this caller wants to, and for the next if that one was no answer to it. */
  async #outcome(key: string, request: GetOptions<V>): Promise<Outcome<V>> {
    const { signal, deadlineAtMs } = request;
    for (;;) {
      if (this.#closed) throw closed();
      const remainingMs = deadlineAtMs === undefined ? undefined : deadlineAtMs - this.#now();
      if (remainingMs !== undefined && !(remainingMs > 0)) throw deadlinePassed();

      const flight = this.#flights.of(key) ?? this.#flights.takeOff(key, request, { background: false });
      const tookOffBeforeRemoval = flight.discarded;
      const outcome = await flight.wait({ signal, remainingMs, abortListeners: this.#abortListeners });
      if (tookOffBeforeRemoval || !this.#answers(key, { outcome, flight, request })) continue;
      const kept = this.#entries.get(key);
      if ('value' in outcome && kept?.value === outcome.value && freshnessBetween(this.#now(), kept) === 'due')
        this.#giveDue(key, kept, request);
      return outcome;
    }
  }

  /** Whether a flight that another caller began brought what this one asks for. */
  #answers(key: string, { outcome, flight, request }: { outcome: Outcome<V>; flight: KeyFlight<V>; request: GetOptions<V> }): boolean {
    if ('error' in outcome) {
      if (request.forceRefresh === true && isRefusedRecently(outcome.error)) return false;
      // Another credential was refused, which says nothing of this one.
      return !outcome.isPermanent || flight.request.refusalKey === request.refusalKey;
    }
    if (!outcome.found) return true;
    this.#dropRejected(key, request);
    return request.forceRefresh !== true && !this.#isRejected(outcome.value, request);
  }

  /** Drops the value that is kept if it is the one the caller has rejected. */
  #dropRejected(key: string, request: GetOptions<V>): boolean {
    const kept = this.#entries.get(key);
    return kept !== undefined && this.#isRejected(kept.value, request) && this.#entries.delete(key);
  }

  #isRejected(value: V, { rejected }: GetOptions<V>): boolean {
    if (rejected === undefined) return false;
    return value === rejected || this.#shared?.isSame(value, rejected) === true;
  }

  /** Drops what is kept of a key and what is on its way. */
  #drop(key: string): boolean {
    this.#flights.discard(key);
    this.#refusals.forget(key);
    return this.#entries.delete(key);
  }
}

function closed(): TokenCacheError {
  return new TokenCacheError('closed', 'the cache is closed; create another to go on');
}
