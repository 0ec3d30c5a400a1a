/** The values of a cache in a store it shares with others: encoded, named by digest, under a time limit. What fails there counts as nothing there. */
import { Circuit } from './circuit.ts';
import { entryName } from './entry-name.ts';
import { buildEnvelope, readEnvelope } from './envelope.ts';
import type { Events, StoreFailure } from './events.ts';
import { errorName } from './events.ts';
import type { Expiring } from './freshness.ts';
import type { Lease, Store } from './store.ts';

/** Turns values into bytes and back. The same value must always give the same bytes, by which a rejected one is known again. */
export interface Codec<V> {
  encode(value: V): Uint8Array;
  /** Throws for bytes that are none of its own; that is a miss. */
  decode(bytes: Uint8Array): V;
}

export interface SharedValuesOptions<V> {
  readonly store: Store;
  readonly codec: Codec<V>;
  readonly timeoutMs: number;
  readonly retryAfterMs: number;
  readonly now: () => number;
  readonly events: Events;
}

export class SharedValues<V extends Expiring> {
  readonly #store: Store;
  readonly #codec: Codec<V>;
  readonly #now: () => number;
  readonly #events: Events;
  readonly #circuit: Circuit;

  constructor({ store, codec, timeoutMs, retryAfterMs, now, events }: SharedValuesOptions<V>) {
    this.#store = store;
    this.#codec = codec;
    this.#now = now;
    this.#events = events;
    this.#circuit = new Circuit({ timeoutMs, retryAfterMs, now, onChange: (state) => events.circuit(state) });
  }

  get grantsLeases(): boolean {
    return this.#store.lease !== undefined;
  }

  /** The value of a key that has not expired; `undefined` for none, for one that cannot be read, and when the store fails. Never rejects. */
  read(key: string, { beyondMs }: { beyondMs?: number | undefined } = {}): Promise<V | undefined> {
    const act = async (): Promise<V | undefined> => {
      const bytes = await this.#circuit.read((signal) => this.#store.read(entryName(key), { key, signal, beyondMs }));
      return bytes === undefined ? undefined : this.#decode(key, bytes);
    };
    return this.#ask('read', key, { act, otherwise: undefined });
  }

  /** Leaves a value for others. `replace`: even if the one that is there expires later. Never rejects. */
  write(key: string, value: V, { replace }: { replace: boolean }): Promise<void> {
    const act = async (): Promise<void> => {
      const { expiresAtMs } = value;
      const bytes = buildEnvelope(key, { expiresAtMs, payload: this.#codec.encode(value) });
      if (replace) await this.#circuit.change(() => this.#store.delete(entryName(key)));
      await this.#circuit.change((signal) => this.#store.write(entryName(key), { key, signal, bytes, expiresAtMs }));
    };
    return this.#ask('write', key, { act, otherwise: undefined });
  }

  /** @throws what the store rejects with, and `store_timeout`: who removes a value wants to know that it is still there */
  async delete(key: string): Promise<void> {
    try {
      await this.#circuit.attempt(() => this.#store.delete(entryName(key)));
    } catch (error) {
      this.#failed('delete', key, errorName(error));
      throw error;
    }
  }

  /** A lease on a key; `held` when another process has it, `none` when there are no leases or the store fails. Never rejects. */
  lease(key: string, ttlMs: number): Promise<Lease | 'held' | 'none'> {
    const { lease } = this.#store;
    if (lease === undefined) return Promise.resolve('none');
    const act = async (): Promise<Lease | 'held'> => {
      const taken = await this.#circuit.change(async (signal) => {
        const granted = await lease.call(this.#store, entryName(key), ttlMs);
        // Too late: nobody here knows of it, and all others would wait for its end.
        if (signal.aborted) await granted?.release();
        return granted;
      });
      if (taken === undefined) return 'held';
      // A renewal that fails tells nothing of the lease, which lives on for a while: the next one may succeed.
      const renew = (): Promise<boolean> => this.#circuit.change(() => taken.renew());
      // Even if the store is left alone, since once it is back all would wait for the end of a lease that nobody uses.
      const release = (): Promise<void> => this.#circuit.attempt(() => taken.release());
      return {
        renew: () => this.#ask('renew', key, { act: renew, otherwise: true }),
        release: () => this.#ask('release', key, { act: release, otherwise: undefined }),
      };
    };
    return this.#ask<Lease | 'held' | 'none'>('lease', key, { act, otherwise: 'none' });
  }

  /** Whether two values are one, though each was decoded by itself. What cannot be encoded is no other value. */
  isSame(one: V, other: V): boolean {
    try {
      return Buffer.compare(this.#codec.encode(one), this.#codec.encode(other)) === 0;
    } catch {
      return false;
    }
  }

  /** That a store which is left alone does nothing is no news. */
  async #ask<T>(
    operation: StoreFailure['operation'],
    key: string,
    { act, otherwise }: { act: () => Promise<T>; otherwise: T },
  ): Promise<T> {
    const isLeftAlone = this.#circuit.isOpen;
    try {
      return await act();
    } catch (error) {
      if (!isLeftAlone) this.#failed(operation, key, errorName(error));
      return otherwise;
    }
  }

  /** What cannot be read makes way at once, so that the value to come is not held off by its later expiry. */
  async #decode(key: string, bytes: Uint8Array): Promise<V | undefined> {
    const value = this.#open(key, bytes);
    if (value === undefined) {
      this.#failed('read', key, 'corrupt');
      await this.delete(key).catch(() => {});
      return undefined;
    }
    return this.#now() < value.expiresAtMs ? value : undefined;
  }

  #open(key: string, bytes: Uint8Array): V | undefined {
    const envelope = readEnvelope(key, bytes);
    if (envelope === undefined) return undefined;
    try {
      const value = this.#codec.decode(envelope.payload);
      return value.expiresAtMs === envelope.expiresAtMs ? value : undefined;
    } catch {
      return undefined;
    }
  }

  #failed(operation: StoreFailure['operation'], key: string, error: string): void {
    this.#events.publish('store-failure', key, { operation, error });
  }
}
