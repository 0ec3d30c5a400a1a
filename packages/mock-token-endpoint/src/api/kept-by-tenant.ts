/** What tenants leave at the APIs: found by a key, not more than so many in all, and forgotten with their tenant. */

export interface KeptByTenant<Value> {
  get(key: string): Value | undefined;
  /** Beyond the capacity the one goes that was set longest ago, whoever's it is. */
  set(key: string, value: Value): void;
  delete(key: string): void;
  /** Forgets what is a tenant's, or everything. */
  clear(tenantId?: string): void;
}

export function createKeptByTenant<Value extends { readonly tenantId: string }>({
  capacity,
}: {
  readonly capacity: number;
}): KeptByTenant<Value> {
  const kept = new Map<string, Value>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => {
      // First out of its old place: a map's order is that of the first insertion.
      kept.delete(key);
      kept.set(key, value);
      const [oldest] = kept.keys();
      if (kept.size > capacity && oldest !== undefined) kept.delete(oldest);
    },
    delete: (key) => {
      kept.delete(key);
    },
    clear: (tenantId) => {
      for (const [key, value] of kept) if (tenantId === undefined || value.tenantId === tenantId) kept.delete(key);
    },
  };
}
