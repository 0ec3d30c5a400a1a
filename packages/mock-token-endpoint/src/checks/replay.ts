/** Remembers ids for as long as they matter: which assertions and proofs have been used, which tokens were revoked. RFC 7523 §3 item 7. */
import { createHash } from 'node:crypto';

/** An id with parts; the first says to whom it belongs. */
type Id = readonly [owner: string, ...parts: string[]];

export interface ReplayStore {
  /** True the first time an id is seen; false while that use is remembered. */
  use(id: Id, until: { readonly nowMs: number; readonly expiresAtMs: number }): boolean;
  /** Whether a use of `id` is remembered. */
  isUsed(id: Id, at: { readonly nowMs: number }): boolean;
  /** Forgets what belongs to `owner`, or everything. */
  clear(owner?: string): void;
}

/** Bounded twice: what has expired is forgotten, and beyond `capacity` entries the oldest goes. */
export function createReplayStore(options: { readonly capacity: number }): ReplayStore {
  const uses = new Map<string, Use>();
  const isUsed = (key: string, nowMs: number) => (uses.get(key)?.expiresAtMs ?? nowMs) > nowMs;
  return {
    use: (id, { nowMs, expiresAtMs }) => {
      forgetExpired(uses, nowMs);
      const key = keyOf(id);
      if (isUsed(key, nowMs)) return false;
      if (uses.size >= options.capacity) forgetOldest(uses);
      uses.set(key, { owner: id[0], expiresAtMs });
      return true;
    },
    isUsed: (id, { nowMs }) => isUsed(keyOf(id), nowMs),
    clear: (owner) => {
      for (const [key, use] of uses) if (owner === undefined || use.owner === owner) uses.delete(key);
    },
  };
}

interface Use {
  readonly owner: string;
  readonly expiresAtMs: number;
}

/** A digest, so that a client's long `jti` costs no memory. */
function keyOf(id: Id): string {
  return createHash('sha256').update(JSON.stringify(id)).digest('base64');
}

/** From the oldest on, up to the first that is still valid: lifetimes are capped, so none stays much longer than its own. */
function forgetExpired(uses: Map<string, Use>, nowMs: number): void {
  for (const [key, { expiresAtMs }] of uses) {
    if (expiresAtMs > nowMs) return;
    uses.delete(key);
  }
}

function forgetOldest(uses: Map<string, Use>): void {
  for (const key of uses.keys()) {
    uses.delete(key);
    return;
  }
}
