/** One store over another: a near one that answers fast, and a far one that many share. */
import { FORMATS, readExpiresAtMs } from '../expiry-header.ts';
import { GuardedStore } from '../guarded-store.ts';
import { expectStore, expectWithin, LONGEST_TIMER_MS } from '../option-checks.ts';
import type { Lease, Store } from '../store.ts';

export interface LayeredOptions {
  /** Asked first, such as the files of this machine. */
  readonly near: Store;
  /** Asked for what the near one has not, such as a Redis that all machines share. */
  readonly far: Store;
  /** How long a store that failed is left alone. Default 30 000 ms. */
  readonly retryAfterMs?: number | undefined;
  /**
   * How long one operation of either store may take. Default 300 ms, so that the three it takes to read past the near store and keep
   * a copy there fit into the second that a cache allows.
   */
  readonly timeoutMs?: number | undefined;
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Reads from the near store, else from the far one and then keeps a copy near; writes to both and deletes from both. Either may be
 * dead: that costs `timeoutMs` once and nothing more until it answers again; no read fails for it, and a write only if both fail.
 * A deletion fails if either does, and is tried on a dead store too, so each waits for that anew. It does not reach the near stores of
 * other machines, which go on with their copies until these expire.
 *
 * A lease is the far store's; while there is none to be had, the near store's, so that at least the processes that share that
 * have one flight; and without either everybody gets one. `store-failure` and `circuit` events call the far store `layered` and the
 * near one `layered-near`.
 *
 * @throws {TokenCacheError} `invalid_option`
 */
export function layered(options: LayeredOptions): Store {
  const { near, far, now } = readOptions(options);
  return {
    async read(name, context) {
      const kept = await near.read(name, context).catch(nothing);
      if (kept !== undefined && suffices(kept, { nowMs: now(), beyondMs: context.beyondMs })) return kept;
      const found = await far.read(name, context).catch(nothing);
      // Waited for, because a copy that came late could bring back what has been deleted since.
      if (found !== undefined) await copy(found, { to: near, name, key: context.key, nowMs: now() });
      return found;
    },

    async write(name, entry) {
      const [toFar, toNear] = await Promise.allSettled([far.write(name, entry), near.write(name, entry)]);
      if (toFar.status === 'rejected' && toNear.status === 'rejected') throw toFar.reason;
    },

    async delete(name) {
      expectAll(await Promise.allSettled([far.delete(name), near.delete(name)]));
    },

    ...((far.grantsLeases || near.grantsLeases) && {
      async lease(name: string, ttlMs: number): Promise<Lease | undefined> {
        for (const layer of [far, near]) {
          if (!layer.grantsLeases) continue;
          try {
            return await layer.lease(name, ttlMs);
          } catch {}
        }
        return GRANTED_TO_ALL;
      },
    }),

    async close() {
      expectAll(await Promise.allSettled([far.close(), near.close()]));
    },
  };
}

/** Whether the near store's answer spares a question to the far one. Bytes that do not say when they expire are taken by who has nothing. */
function suffices(bytes: Uint8Array, { nowMs, beyondMs }: { nowMs: number; beyondMs: number | undefined }): boolean {
  const expiresAtMs = expiryOf(bytes);
  if (expiresAtMs === undefined) return beyondMs === undefined;
  return nowMs < expiresAtMs && (beyondMs === undefined || beyondMs < expiresAtMs);
}

/** Bytes that do not say how long they are good for cannot be kept. */
async function copy(
  bytes: Uint8Array,
  { to, name, key, nowMs }: { to: GuardedStore; name: string; key: string; nowMs: number },
): Promise<void> {
  const expiresAtMs = expiryOf(bytes);
  if (expiresAtMs !== undefined && nowMs < expiresAtMs) await to.write(name, { key, bytes, expiresAtMs }).catch(nothing);
}

function expiryOf(bytes: Uint8Array): number | undefined {
  return readExpiresAtMs(bytes, [FORMATS.envelope, FORMATS.sealed]);
}

function nothing(): undefined {
  return undefined;
}

function expectAll(outcomes: readonly PromiseSettledResult<void>[]): void {
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

const GRANTED_TO_ALL: Lease = Object.freeze({ renew: async () => true, release: async () => {} });

function readOptions({ near, far, retryAfterMs = 30_000, timeoutMs = 300, now = Date.now }: LayeredOptions): {
  readonly near: GuardedStore;
  readonly far: GuardedStore;
  readonly now: () => number;
} {
  expectStore('near', near);
  expectStore('far', far);
  expectWithin('retryAfterMs', retryAfterMs, [0, Number.MAX_SAFE_INTEGER]);
  expectWithin('timeoutMs', timeoutMs, [1, LONGEST_TIMER_MS]);
  const shared = { timeoutMs, retryAfterMs, now };
  return {
    near: new GuardedStore({ ...shared, store: near, cache: 'layered-near' }),
    far: new GuardedStore({ ...shared, store: far, cache: 'layered' }),
    now,
  };
}
