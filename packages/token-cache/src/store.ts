/** What a shared store does for a cache: keeps named bytes for a time, and grants leases. */

/**
 * Keeps entries outside the process. Any object of this shape will do. What it rejects with reaches no caller of the cache: a store
 * that fails is one that holds nothing, and an event says so. Each operation has a second at most, whatever the store does.
 */
export interface Store {
  /** The entry under a name, or `undefined`. */
  read(name: string, context: ReadContext): Promise<Uint8Array | undefined>;
  /** Puts an entry under a name until `expiresAtMs`, epoch milliseconds. Never replaces one that expires later. */
  write(name: string, entry: StoreContext & { readonly bytes: Uint8Array; readonly expiresAtMs: number }): Promise<void>;
  delete(name: string): Promise<void>;
  /**
   * A lease on a name, for `ttlMs` and held by nobody else for that time; `undefined` when another holds it. It saves work and no
   * more: nothing goes wrong if two believe they hold it. A store without it grants every process its own flight.
   */
  lease?(name: string, ttlMs: number): Promise<Lease | undefined>;
  /** Frees what the store made. A cache does not call it: who made the store closes it. */
  close?(): Promise<void>;
}

export interface StoreContext {
  /** The whole key, of which the name is a digest. For associated data of an encryption; no store may look entries up by it. */
  readonly key: string;
  /** Aborts when nobody waits for the operation any longer. */
  readonly signal?: AbortSignal | undefined;
}

export interface ReadContext extends StoreContext {
  /** An entry that expires at this time or before, epoch milliseconds, is of no use to who asks: it has such a one already. A store may pass over it, or not. */
  readonly beyondMs?: number | undefined;
}

export interface Lease {
  /** Holds the lease for its whole time from now on; false when it was lost, and then it is another's or nobody's. */
  renew(): Promise<boolean>;
  /** Gives the lease back if it is still held. */
  release(): Promise<void>;
}
