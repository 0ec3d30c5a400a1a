/** What a flight does, from taking off to what it leaves behind, and what its outcome means for all who wait. */
import { acquireOnce, type Brought } from './acquire-once.ts';
import type { Entries } from './entries.ts';
import { Entry } from './entry.ts';
import { TokenCacheError } from './errors.ts';
import { type Events, errorName } from './events.ts';
import { Flight } from './flight.ts';
import { type Expiring, freshnessBetween } from './freshness.ts';
import { KeyQueue } from './key-queue.ts';
import type { Settings } from './options.ts';
import type { Refusals } from './refusals.ts';
import type { SharedValues } from './shared-values.ts';
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
  readonly shared: SharedValues<V> | undefined;
}

/** The flights of a cache, at most one for each key. */
export class Flights<V extends Expiring> {
  readonly #ground: Ground<V>;
  readonly #byKey = new Map<string, KeyFlight<V>>();
  readonly #storeWork = new KeyQueue();
  #closed: TokenCacheError | undefined;

  constructor(ground: Ground<V>) {
    this.#ground = ground;
  }

  of(key: string): KeyFlight<V> | undefined {
    return this.#byKey.get(key);
  }

  takeOff(key: string, request: GetOptions<V>, { background }: { background: boolean }): KeyFlight<V> {
    const { settings, events } = this.#ground;
    events.publish('flight-start', key, { background });
    const startedAtMs = settings.now();
    const fly = async (flight: KeyFlight<V>): Promise<Outcome<V>> => {
      this.#byKey.set(key, flight);
      try {
        const outcome = await this.#outcome(key, flight);
        events.publish('flight-end', key, { ...ending(outcome), durationMs: settings.now() - startedAtMs });
        return outcome;
      } finally {
        this.#byKey.delete(key);
      }
    };
    return new Flight({ timeoutMs: settings.flightTimeoutMs, request, fly });
  }

  /** Those who wait for these flights still get what they bring, but nothing of it is kept. */
  discard(isMeant: (key: string, request: GetOptions<V>) => boolean): void {
    for (const [key, flight] of this.#byKey) if (isMeant(key, flight.request)) flight.discarded = true;
  }

  /** Removes values from the store, each after what is being written of it. Tries every one before it throws what the first failed with. */
  async deleteShared(keys: readonly string[]): Promise<void> {
    const { shared } = this.#ground;
    if (shared === undefined) return;
    const outcomes: PromiseSettledResult<void>[] = [];
    for (let from = 0; from < keys.length; from += DELETED_AT_ONCE) {
      const some = keys.slice(from, from + DELETED_AT_ONCE).map((key) => this.#storeWork.run(key, () => shared.delete(key)));
      outcomes.push(...(await Promise.allSettled(some)));
    }
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /** Gives up every flight and lets none land any more; waits for what is still being written. */
  async close(error: TokenCacheError): Promise<void> {
    this.#closed = error;
    for (const flight of this.#byKey.values()) flight.giveUp(error);
    await this.#storeWork.idle();
  }

  async #outcome(key: string, flight: KeyFlight<V>): Promise<Outcome<V>> {
    try {
      const brought = await flight.unlessGivenUp((signal) => this.#fly(key, flight, signal));
      if (this.#closed !== undefined) throw this.#closed;
      if ('found' in brought) return { value: brought.found, found: true };
      this.#land(key, flight, brought);
      return { value: brought.acquired, found: false };
    } catch (error) {
      return this.#failed(key, flight, error);
    }
  }

  /** The way to a value: straight to `acquire`, or by way of the store. A refusal that is remembered stands in for being refused again. */
  async #fly(key: string, flight: KeyFlight<V>, signal: AbortSignal): Promise<Brought<V>> {
    const { settings, events, refusals, shared } = this.#ground;
    const { acquire, forceRefresh = false, refusalKey } = flight.request;
    const refusal = forceRefresh ? undefined : refusals.find(key, { refusalKey, nowMs: settings.now() });
    if (shared === undefined || forceRefresh) {
      if (refusal !== undefined) throw refusal;
      return { acquired: await flight.unlessGivenUp(acquire), release: undefined };
    }
    const look = ({ removing }: { removing: boolean }): Promise<V | undefined> => this.#look(key, { flight, shared, removing });
    if (refusal === undefined) {
      const { sleep, random } = settings;
      return acquireOnce({ key, shared, events, look, acquire: () => flight.unlessGivenUp(acquire), signal, sleep, random });
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
    const { settings, entries } = this.#ground;
    const { rejected } = flight.request;
    const found = await shared.read(key, { beyondMs: entries.get(key)?.expiresAtMs });
    if (found === undefined) return undefined;
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

  #land(key: string, flight: KeyFlight<V>, { acquired, release }: Extract<Brought<V>, { acquired: V }>): void {
    const { settings, entries, refusals, shared } = this.#ground;
    const { rejected, forceRefresh } = flight.request;
    const nowMs = settings.now();
    const isUsable = Number.isFinite(acquired.expiresAtMs) && nowMs < acquired.expiresAtMs;
    refusals.forget(key);
    if (!isUsable) entries.get(key)?.pauseRefresh(nowMs);
    else if (!flight.discarded) this.#keep(key, acquired, { flight, isNew: true });
    if (shared === undefined) return;

    const replace = rejected !== undefined || forceRefresh === true;
    // No caller waits for this: the value is at hand.
    void this.#storeWork.run(key, async () => {
      if (isUsable && !flight.discarded) await shared.write(key, acquired, { replace });
      await release?.();
    });
  }

  #failed(key: string, flight: KeyFlight<V>, error: unknown): Outcome<V> {
    const { settings, entries, refusals } = this.#ground;
    const { refusalKey } = flight.request;
    const nowMs = settings.now();
    const isRemembered = error instanceof TokenCacheError && error.code === 'refused_recently';
    const isPermanent = isRemembered || settings.isPermanent(error);
    if (isPermanent && !isRemembered && refusalKey !== undefined) refusals.remember(key, { refusalKey, error, nowMs });
    const kept = entries.get(key);
    kept?.pauseRefresh(nowMs);
    const isUsable = kept !== undefined && nowMs < kept.expiresAtMs && !isPermanent;
    return { error, isPermanent, fallback: isUsable ? kept.value : undefined };
  }

  #keep(key: string, value: V, { flight, isNew }: { flight: KeyFlight<V>; isNew: boolean }): Entry<V> {
    const { policy, random, sizeOf, now } = this.#ground.settings;
    const nowMs = now();
    const { tags = NO_TAGS } = flight.request;
    const bytes = key.length + sizeOf(value);
    const jitter = policy.jitter ?? 2 * random() - 1;
    const entry = new Entry({ key, value, policy: { ...policy, jitter }, nowMs, bytes, tags, isNew });
    if (!flight.discarded) this.#ground.entries.set(entry, { nowMs });
    return entry;
  }
}

function ending(outcome: Outcome<unknown>): { outcome: 'acquired' | 'found' } | { outcome: 'failed'; error: string } {
  if ('error' in outcome) return { outcome: 'failed', error: errorName(outcome.error) };
  return { outcome: outcome.found ? 'found' : 'acquired' };
}

const DELETED_AT_ONCE = 100;
const NO_TAGS: readonly string[] = [];
