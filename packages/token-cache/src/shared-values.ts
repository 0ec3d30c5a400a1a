/** The values of a cache in a store it shares with others: encoded, named by digest, under a time limit. What fails there counts as nothing there. */
import { entryName } from './entry-name.ts';
import { buildEnvelope, readEnvelope } from './envelope.ts';
import { errorName, publish } from './events.ts';
import type { Expiring } from './freshness.ts';
import { GuardedStore, type GuardedStoreOptions } from './guarded-store.ts';
import type { Lease } from './store.ts';

/** Turns values into bytes and back. The same value must always give the same bytes, by which a rejected one is known again. */
export interface Codec<V> {
  encode(value: V): Uint8Array;
  /** Throws for bytes that are none of its own; that is a miss. */
  decode(bytes: Uint8Array): V;
}

export interface SharedValuesOptions<V> extends GuardedStoreOptions {
  readonly codec: Codec<V>;
  /** Stands before the cache's keys. */
  readonly keyPrefix: string;
}

export class SharedValues<V extends Expiring> {
  readonly #store: GuardedStore;
  readonly #codec: Codec<V>;
  readonly #keyPrefix: string;
  readonly #cache: string;
  readonly #now: () => number;
  readonly #retryAfterMs: number;
  #failedWrites = 0;
  #leasesAgainAtMs = 0;

  constructor({ codec, keyPrefix, ...options }: SharedValuesOptions<V>) {
    this.#store = new GuardedStore(options);
    this.#codec = codec;
    this.#keyPrefix = keyPrefix;
    this.#cache = options.cache;
    this.#now = options.now;
    this.#retryAfterMs = options.retryAfterMs;
  }

  get grantsLeases(): boolean {
    return this.#store.grantsLeases;
  }

  /** The value of a key that has not expired; `undefined` for none, for one that cannot be read, and when the store fails. Never rejects. */
  async read(key: string, { beyondMs }: { beyondMs?: number | undefined } = {}): Promise<V | undefined> {
    const { name, wholeKey } = this.#place(key);
    const bytes = await this.#store.read(name, { key: wholeKey, beyondMs }).catch(nothing);
    if (bytes === undefined) return undefined;
    const value = this.#open(wholeKey, bytes);
    if (value !== undefined) return this.#now() < value.expiresAtMs ? value : undefined;
    this.#failed(name, { operation: 'read', error: 'corrupt' });
    // What cannot be read makes way at once, so that the value to come is not held off by its later expiry.
    await this.delete(key).catch(nothing);
    return undefined;
  }

  /** Leaves a value for others. `replace`: even if the one that is there expires later. Never rejects. */
  async write(key: string, value: V, { replace }: { replace: boolean }): Promise<void> {
    const { expiresAtMs } = value;
    const { name, wholeKey } = this.#place(key);
    try {
      const bytes = this.#encode(value, { name, wholeKey });
      if (replace) await this.delete(key).catch(nothing);
      await this.#store.write(name, { key: wholeKey, bytes, expiresAtMs });
      this.#failedWrites = 0;
    } catch {
      this.#failedWrites += 1;
      if (this.#failedWrites > 1) this.#leasesAgainAtMs = this.#now() + this.#retryAfterMs;
    }
  }

  /** @throws what the store rejects with, and `store_timeout`: who removes a value wants to know that it is still there */
  delete(key: string): Promise<void> {
    return this.#store.delete(this.#place(key).name);
  }

  /**
   * A lease on a key; `held` when another process has it, `none` when there are no leases, the store fails, or it could not be
   * written of late: who leaves nothing for the others only keeps them waiting. Never rejects.
   */
  async lease(key: string, ttlMs: number): Promise<Lease | 'held' | 'none'> {
    const leftMs = this.#leasesAgainAtMs - this.#now();
    if (!this.#store.grantsLeases || (leftMs > 0 && leftMs <= this.#retryAfterMs)) return 'none';
    try {
      const lease = await this.#store.lease(this.#place(key).name, ttlMs);
      if (lease === undefined) return 'held';
      // A renewal that fails tells nothing of the lease, which lives on for a while: the next one may succeed.
      return { renew: () => lease.renew().catch(() => true), release: () => lease.release().catch(nothing) };
    } catch {
      return 'none';
    }
  }

  /** Whether two values are one, though each was decoded by itself. What cannot be encoded is no other value. */
  isSame(one: V, other: V): boolean {
    try {
      return Buffer.compare(this.#codec.encode(one), this.#codec.encode(other)) === 0;
    } catch {
      return false;
    }
  }

  #place(key: string): Place {
    const wholeKey = this.#keyPrefix + key;
    return { name: entryName(wholeKey), wholeKey };
  }

  #encode(value: V, { name, wholeKey }: Place): Uint8Array {
    try {
      return buildEnvelope(wholeKey, { expiresAtMs: value.expiresAtMs, payload: this.#codec.encode(value) });
    } catch (error) {
      this.#failed(name, { operation: 'write', error: errorName(error) });
      throw error;
    }
  }

  #open(wholeKey: string, bytes: Uint8Array): V | undefined {
    const envelope = readEnvelope(wholeKey, bytes);
    if (envelope === undefined) return undefined;
    try {
      const value = this.#codec.decode(envelope.payload);
      return value.expiresAtMs === envelope.expiresAtMs ? value : undefined;
    } catch {
      return undefined;
    }
  }

  #failed(name: string, failure: { readonly operation: 'read' | 'write'; readonly error: string }): void {
    publish('store-failure', () => ({ cache: this.#cache, entry: name, ...failure }));
  }
}

/** Where the store keeps a value. */
interface Place {
  readonly name: string;
  readonly wholeKey: string;
}

function nothing(): undefined {
  return undefined;
}
