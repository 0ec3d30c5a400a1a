/** A store in the memory of a test: it does all a store must, counts what it is asked for, and fails or hangs on command. */
import type { Lease, ReadContext, Store, StoreContext } from '../src/store.ts';

export type Operation = 'read' | 'write' | 'delete' | 'lease' | 'renew' | 'release';

export interface Kept {
  readonly bytes: Uint8Array;
  readonly expiresAtMs: number;
}

/** Two caches, or two encrypted stores, over one of these are two processes over one shared store. */
export class MemoryStore implements Store {
  /** What is kept, by name. To be looked at and tampered with. */
  readonly entries = new Map<string, Kept>();
  /** Who holds a lease until when, epoch milliseconds. Deleting one is what its end does, or the death of a server. */
  readonly leases = new Map<string, { readonly owner: symbol; untilMs: number }>();
  /** How often each operation was asked for, whatever came of it. */
  readonly calls: Record<Operation, number> = { read: 0, write: 0, delete: 0, lease: 0, renew: 0, release: 0 };
  /** What each was asked for last, as it came. */
  readonly lastContext: { read?: ReadContext; write?: StoreContext & Kept } = {};
  closed = false;
  readonly #now: () => number;
  readonly #errors = new Map<Operation, unknown>();
  readonly #hangs = new Map<Operation, Gate>();

  constructor({ now = Date.now }: { now?: () => number } = {}) {
    this.#now = now;
  }

  /** From now on these reject with `error`; no operation named means all of them. */
  fail(operations: readonly Operation[] = OPERATIONS, error: unknown = new StoreDown()): void {
    for (const operation of operations) this.#errors.set(operation, error);
  }

  /** From now on these do nothing and do not settle, until `resume` lets them go on. They take no notice of a signal. */
  hang(operations: readonly Operation[] = OPERATIONS): void {
    for (const operation of operations) if (!this.#hangs.has(operation)) this.#hangs.set(operation, new Gate());
  }

  /** Ends what `fail` and `hang` began. What hangs goes on as if it had just been asked for, or fails if it is still to. */
  resume(operations: readonly Operation[] = OPERATIONS): void {
    for (const operation of operations) {
      this.#errors.delete(operation);
      this.#hangs.get(operation)?.open();
      this.#hangs.delete(operation);
    }
  }

  async read(name: string, context: ReadContext): Promise<Uint8Array | undefined> {
    this.lastContext.read = context;
    await this.#asked('read');
    return this.#kept(name)?.bytes;
  }

  async write(name: string, entry: StoreContext & Kept): Promise<void> {
    this.lastContext.write = entry;
    await this.#asked('write');
    const { bytes, expiresAtMs } = entry;
    const kept = this.#kept(name);
    if (kept !== undefined && kept.expiresAtMs > expiresAtMs) return;
    this.entries.set(name, { bytes: Uint8Array.from(bytes), expiresAtMs });
  }

  async delete(name: string): Promise<void> {
    await this.#asked('delete');
    this.entries.delete(name);
  }

  async lease(name: string, ttlMs: number): Promise<Lease | undefined> {
    await this.#asked('lease');
    const held = this.leases.get(name);
    if (held !== undefined && this.#now() < held.untilMs) return undefined;
    const owner = Symbol(name);
    this.leases.set(name, { owner, untilMs: this.#now() + ttlMs });
    return {
      renew: async () => {
        await this.#asked('renew');
        const lease = this.leases.get(name);
        if (lease?.owner !== owner || this.#now() >= lease.untilMs) return false;
        lease.untilMs = this.#now() + ttlMs;
        return true;
      },
      release: async () => {
        await this.#asked('release');
        if (this.leases.get(name)?.owner === owner) this.leases.delete(name);
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  async #asked(operation: Operation): Promise<void> {
    this.calls[operation] += 1;
    await this.#hangs.get(operation)?.opened;
    if (this.#errors.has(operation)) throw this.#errors.get(operation);
  }

  #kept(name: string): Kept | undefined {
    const kept = this.entries.get(name);
    return kept !== undefined && this.#now() < kept.expiresAtMs ? kept : undefined;
  }
}

/** The least that is a store: the same one without leases, and without an end. */
export function withoutExtras(store: Store): Store {
  return {
    read: (name, context) => store.read(name, context),
    write: (name, entry) => store.write(name, entry),
    delete: (name) => store.delete(name),
  };
}

/** What a `MemoryStore` rejects with when told to. */
export class StoreDown extends Error {
  readonly code = 'ECONNREFUSED';

  constructor() {
    super('the store is down');
  }
}

class Gate {
  readonly opened: Promise<void>;
  open: () => void = () => {};

  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}

const OPERATIONS: readonly Operation[] = ['read', 'write', 'delete', 'lease', 'renew', 'release'];
