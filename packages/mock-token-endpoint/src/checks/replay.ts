/** Remembers which assertions have been used, for as long as they could be used again. RFC 7523 §3 item 7. */
import { createHash } from 'node:crypto';

export interface ReplayStore {
  /** True the first time an id is seen; false while that use is remembered. */
  use(id: readonly string[], until: { readonly nowMs: number; readonly expiresAtMs: number }): boolean;
  clear(): void;
}

/** Bounded twice: what has expired is forgotten, and beyond `capacity` entries the oldest goes. */
export function createReplayStore(options: { readonly capacity: number }): ReplayStore {
  const expiries = new Map<string, number>();
  return {
    use: (id, { nowMs, expiresAtMs }) => {
      forgetExpired(expiries, nowMs);
      // A digest, so that a client's long `jti` costs no memory.
      const key = createHash('sha256').update(JSON.stringify(id)).digest('base64');
      if ((expiries.get(key) ?? nowMs) > nowMs) return false;
      if (expiries.size >= options.capacity) forgetOldest(expiries);
      expiries.set(key, expiresAtMs);
      return true;
    },
    clear: () => expiries.clear(),
  };
}

/** From the oldest on, up to the first that is still valid: lifetimes are capped, so none stays much longer than its own. */
function forgetExpired(expiries: Map<string, number>, nowMs: number): void {
  for (const [key, expiresAtMs] of expiries) {
    if (expiresAtMs > nowMs) return;
    expiries.delete(key);
  }
}

function forgetOldest(expiries: Map<string, number>): void {
  for (const key of expiries.keys()) {
    expiries.delete(key);
    return;
  }
}
