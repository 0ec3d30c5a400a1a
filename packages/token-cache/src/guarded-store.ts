/** A store under a time limit and a circuit. It rejects as the store does, and tells in an event what fails. */
import { Circuit, type Operation } from './circuit.ts';
import { TokenCacheError } from './errors.ts';
import { errorName, publish, type StoreFailure } from './events.ts';
import type { Lease, ReadContext, Store, StoreContext } from './store.ts';
import type { Wait } from './time-limit.ts';

export interface GuardedStoreOptions {
  readonly store: Store;
  /** What events call it. */
  readonly cache: string;
  readonly timeoutMs: number;
  readonly retryAfterMs: number;
  readonly now: () => number;
}

export class GuardedStore {
  readonly #store: Store;
  readonly #cache: string;
  readonly #circuit: Circuit;

  constructor({ store, cache, timeoutMs, retryAfterMs, now }: GuardedStoreOptions) {
    this.#store = store;
    this.#cache = cache;
    this.#circuit = new Circuit({ timeoutMs, retryAfterMs, now, onChange: (state) => publish('circuit', () => ({ cache, state })) });
  }

  get grantsLeases(): boolean {
    return this.#store.lease !== undefined;
  }

  /** What is no bytes, or `null` as many clients say for nothing, is a miss. */
  async read(name: string, context: ReadContext): Promise<Uint8Array | undefined> {
    const isLeftAlone = this.#circuit.isOpen;
    const reading = this.#circuit.read((signal) => this.#store.read(name, { ...context, signal }));
    const found: unknown = await (isLeftAlone ? reading : this.#told(reading, { operation: 'read', name }));
    if (found instanceof Uint8Array) return found;
    if (found !== undefined && found !== null) this.#tell({ operation: 'read', name }, 'corrupt');
    return undefined;
  }

  write(name: string, entry: StoreContext & { readonly bytes: Uint8Array; readonly expiresAtMs: number }): Promise<void> {
    return this.#change((signal) => this.#store.write(name, { ...entry, signal }), { operation: 'write', name });
  }

  /** Tried even when the circuit is open: what was removed must not come back with the store. */
  delete(name: string): Promise<void> {
    return this.#told(
      this.#circuit.attempt(() => this.#store.delete(name)),
      { operation: 'delete', name },
    );
  }

  /** `undefined` when another holds it. Only for a store that grants leases. */
  async lease(name: string, ttlMs: number): Promise<Lease | undefined> {
    const take = async (): Promise<Lease | undefined> => readLease(await this.#store.lease?.(name, ttlMs));
    // One that comes too late is given back: nobody here knows of it, and all others would wait for its end.
    const onLate = (late: Lease | undefined): void => void this.#release(late, name).catch(() => {});
    const lease = await this.#change(take, { operation: 'lease', name, onLate });
    return (
      lease && {
        renew: () => this.#change(() => lease.renew(), { operation: 'renew', name }),
        release: () => this.#release(lease, name),
      }
    );
  }

  async close(): Promise<void> {
    await this.#store.close?.();
  }

  /** Even if the store is left alone, since once it is back all would wait for the end of a lease that nobody uses. */
  async #release(lease: Lease | undefined, name: string): Promise<void> {
    await this.#told(
      this.#circuit.attempt(async () => lease?.release()),
      { operation: 'release', name },
    );
  }

  /** That a store which is left alone does nothing is no news. */
  #change<T>(act: Operation<T>, what: What & Pick<Wait<T>, 'onLate'>): Promise<T> {
    const isLeftAlone = this.#circuit.isOpen;
    const outcome = this.#circuit.change(act, { onLate: what.onLate });
    return isLeftAlone ? outcome : this.#told(outcome, what);
  }

  async #told<T>(outcome: Promise<T>, what: What): Promise<T> {
    try {
      return await outcome;
    } catch (error) {
      this.#tell(what, errorName(error));
      throw error;
    }
  }

  #tell({ operation, name }: What, error: string): void {
    publish('store-failure', () => ({ cache: this.#cache, entry: name, operation, error }));
  }
}

/** A store may be anybody's: what cannot be renewed and released is no lease, and nothing at all means that another has it. */
function readLease(granted: unknown): Lease | undefined {
  if (granted === undefined || granted === null) return undefined;
  const { renew, release } = granted as Partial<Lease>;
  if (typeof renew === 'function' && typeof release === 'function') return granted as Lease;
  throw new TokenCacheError('store_unavailable', 'the store granted a lease that has no renew and release', { reason: 'corrupt' });
}

interface What {
  readonly operation: StoreFailure['operation'];
  readonly name: string;
}
