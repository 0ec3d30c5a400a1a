/** What a flight does, from taking off to what it leaves behind, and what its outcome means for all who wait. */
import { acquireOnce, type Brought } from './acquire-once.ts';
import type { Entries } from './entries.ts';
import { Entry } from './entry.ts';
import { TokenCacheError } from './errors.ts';
import { type Events, errorName } from './events.ts';
import { Flight } from './flight.ts';
import { type Expiring, freshnessBetween } from './freshness.ts';
import type { LatestByKey } from './latest-by-key.ts';
import type { Settings } from './options.ts';
import type { Refusals } from './refusals.ts';
import type { SharedValues } from './shared-values.ts';
import type { StoreWork } from './store-work.ts';
import type { GetOptions } from './token-cache.ts';

/** What a flight brought: a value, `found` if another process had left it, or a failure, with the old value if that stays usable. */
export type Outcome<V> =
  | { readonly value: V; readonly found: boolean }
  | { readonly error: unknown; readonly isPermanent: boolean; readonly fallback: V | undefined };

export type KeyFlight<V extends Expiring> = Flight<Outcome<V>, GetOptions<V>>;

/** What flights read and change. */
export interface Ground<V extends Expiring> {
  readonly settings: Settings<V>;
  readonly events: Events;
  readonly entries: Entries<V>;
  readonly refusals: Refusals;
  /** The latest value of each key that a caller has rejected. */
  readonly rejections: LatestByKey<V>;
  readonly shared: SharedValues<V> | undefined;
  readonly storeWork: StoreWork<V> | undefined;
}

type Release = () => Promise<void>;
type OnLease = (release: Release) => void;

/** The flights of a cache, at most one for each key. */
export class Flights<V extends Expiring> {
  readonly #ground: Ground<V>;
  readonly #byKey = new Map<string, KeyFlight<V>>();
  #closed: TokenCacheError | undefined;

  constructor(ground: Ground<V>) {
    this.#ground = ground;
  }

  of(key: string): KeyFlight<V> | undefined {
    return this.#byKey.get(key);
  }

  takeOff(key: string, request: GetOptions<V>, { background }: { background: boolean }): KeyFlight<V> {
    const { settings, events, storeWork } = this.#ground;
    const startedAtMs = settings.now();
    let release: Release | undefined;
    let hasEnded = false;
    const onLease = (held: Release): void => {
      if (hasEnded) storeWork?.release(key, held);
      else release = held;
    };
    const fly = async (flight: KeyFlight<V>): Promise<Outcome<V>> => {
      this.#byKey.set(key, flight);
      events.publish('flight-start', key, { background });
      try {
        const outcome = await this.#outcome(key, flight, onLease);
        events.publish('flight-end', key, { ...ending(outcome), durationMs: settings.now() - startedAtMs });
        return outcome;
      } finally {
        this.#byKey.delete(key);
        hasEnded = true;
        // Whatever became of the flight; after the write, if there is one.
        if (release !== undefined) storeWork?.release(key, release);
      }
    };
    return new Flight({ timeoutMs: settings.flightTimeoutMs, request, fly });
  }

  /** Those who wait for the flight still get what it brings, but nothing of that is kept. */
  discard(key: string): void {
    const flight = this.#byKey.get(key);
    if (flight !== undefined) flight.discarded = true;
  }

  /** The keys with a flight under way that was asked for with this tag; with any if none is named. */
  keys(tag?: string): readonly string[] {
    return [...this.#byKey].filter(([, { request }]) => tag === undefined || request.tags?.includes(tag)).map(([key]) => key);
  }

  /** Gives up every flight and lets none land any more; resolves when all have ended. */
  async close(error: TokenCacheError): Promise<void> {
    this.#closed = error;
    const flights = [...this.#byKey.values()];
    for (const flight of flights) flight.giveUp(error);
    await Promise.all(flights.map((flight) => flight.ended()));
  }

  async #outcome(key: string, flight: KeyFlight<V>, onLease: OnLease): Promise<Outcome<V>> {
    try {
      const brought = await flight.unlessGivenUp((signal) => this.#fly(key, flight, { signal, onLease }));
      if (this.#closed !== undefined) throw this.#closed;
      if ('found' in brought) return { value: brought.found, found: true };
      this.#land(key, flight, brought.acquired);
      return { value: brought.acquired, found: false };
    } catch (error) {
      return this.#failed(key, flight, error);
    }
  }

  /** The way to a value: straight to `acquire`, or by way of the store. A refusal that is remembered stands in for being refused again. */
  async #fly(key: string, flight: KeyFlight<V>, { signal, onLease }: { signal: AbortSignal; onLease: OnLease }): Promise<Brought<V>> {
    const { settings, events, refusals, shared, storeWork } = this.#ground;
    const { forceRefresh = false, refusalKey } = flight.request;
    const refusal = forceRefresh ? undefined : refusals.find(key, { refusalKey, nowMs: settings.now() });
    const acquire = (): Promise<V> => flight.unlessGivenUp(flight.request.acquire);
    if (shared === undefined || forceRefresh || storeWork?.isRemoving(key)) {
      if (refusal !== undefined) throw refusal;
      return { acquired: await acquire() };
    }
    const look = ({ removing }: { removing: boolean }): Promise<V | undefined> => this.#look(key, { flight, shared, removing });
    if (refusal === undefined) {
      const { now, sleep, random, flightTimeoutMs } = settings;
      const effects = { signal, now, sleep, random };
      return acquireOnce({ key, shared, events, look, onLease, acquire, patienceMs: flightTimeoutMs / 2, ...effects });
    }
    const found = await look({ removing: true });
    if (found === undefined) throw refusal;
    return { found };
  }

  /** The value another process left, if it is usable and better than what is at hand. It is kept, be it only as a last resort. */
  async #look(
    key: string,
    { flight, shared, removing }: { flight: KeyFlight<V>; shared: SharedValues<V>; removing: boolean },
  ): Promise<V | undefined> {
    const { settings, entries, rejections } = this.#ground;
    const found = await shared.read(key, { beyondMs: entries.get(key)?.expiresAtMs });
    if (found === undefined) return undefined;
    const rejected = rejections.get(key);
    if (rejected !== undefined && shared.isSame(found, rejected)) {
      if (removing) await shared.delete(key).catch(() => {});
      return undefined;
    }
    const kept = entries.get(key);
    if (kept !== undefined && kept.expiresAtMs >= found.expiresAtMs) return undefined;
    // The first value at hand may be due because it is old, and then is renewed at once.
    const entry = this.#keep(key, found, { flight, isNew: kept !== undefined });
    return freshnessBetween(settings.now(), entry) === 'expired' ? undefined : found;
  }

  #land(key: string, flight: KeyFlight<V>, acquired: V): void {
    const { settings, entries, refusals, storeWork } = this.#ground;
    const { rejected, forceRefresh } = flight.request;
    const nowMs = settings.now();
    if (typeof acquired !== 'object' || acquired === null)
      throw new TypeError(`acquire brought a ${typeof acquired}, expected a value with expiresAtMs`);
    const isUsable = Number.isFinite(acquired.expiresAtMs) && nowMs < acquired.expiresAtMs;
    refusals.forget(key);
    if (!isUsable) {
      entries.get(key)?.pauseRefresh(nowMs);
    } else if (!flight.discarded) {
      this.#keep(key, acquired, { flight, isNew: true });
      // No caller waits for this: the value is at hand.
      storeWork?.write(key, acquired, { replace: rejected !== undefined || forceRefresh === true });
    }
  }

  #failed(key: string, flight: KeyFlight<V>, error: unknown): Outcome<V> {
    const { settings, entries, refusals } = this.#ground;
    const { refusalKey } = flight.request;
    const nowMs = settings.now();
    const kept = entries.get(key);
    kept?.pauseRefresh(nowMs);
    const isRemembered = isRefusedRecently(error);
    const isPermanent = isRemembered || settings.isPermanent(error);
    if (isPermanent && !isRemembered && !flight.discarded && refusalKey !== undefined) refusals.remember(key, { refusalKey, error, nowMs });
    const isUsable = kept !== undefined && nowMs < kept.expiresAtMs && !isPermanent;
    return { error, isPermanent, fallback: isUsable ? kept.value : undefined };
  }

  #keep(key: string, value: V, { flight, isNew }: { flight: KeyFlight<V>; isNew: boolean }): Entry<V> {
    const { policy, random, sizeOf, now } = this.#ground.settings;
    const nowMs = now();
    const { tags = NO_TAGS } = flight.request;
    const bytes = tags.reduce((sum, tag) => sum + tag.length, key.length + sizeOf(value));
    const jitter = policy.jitter ?? 2 * random() - 1;
    const entry = new Entry({ key, value, policy: { ...policy, jitter }, nowMs, bytes, tags, isNew });
    if (!flight.discarded) this.#ground.entries.set(entry, { nowMs });
    return entry;
  }
}

/** Whether a flight met only the memory of a refusal. */
export function isRefusedRecently(error: unknown): boolean {
  return error instanceof TokenCacheError && error.code === 'refused_recently';
}

function ending(outcome: Outcome<unknown>): { outcome: 'acquired' | 'found' } | { outcome: 'failed'; error: string } {
  if ('error' in outcome) return { outcome: 'failed', error: errorName(outcome.error) };
  return { outcome: outcome.found ? 'found' : 'acquired' };
}

const NO_TAGS: readonly string[] = [];
