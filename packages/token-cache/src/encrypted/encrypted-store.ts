/** A store whose entries only holders of a key can read or make. */
import { randomBytes } from 'node:crypto';
import { publish } from '../events.ts';
import { expectStore } from '../option-checks.ts';
import type { Store } from '../store.ts';
import { type EncryptionKey, type KeyRing, readKeyRing } from './key-ring.ts';
import { IV_BYTES, openEntry, readSealedEntry, sealEntry } from './sealed-entry.ts';

export interface EncryptedOptions {
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Seals what goes into a store with AES-256-GCM, and gives back only what one of the keys sealed for the same cache key and expiry.
 * The first key seals, all open. To change it without losing an entry: add the new key at the end in every process, then move it to
 * the front, then, once the entries of the old one have expired, drop that.
 *
 * An entry that cannot be opened is a miss and a `store-failure` event: `unknown_key`, `tampered`, or `corrupt` for what is no sealed
 * entry, such as one from the time before encryption. It is deleted at once, or its expiry could keep out what is written next.
 * That holds for an unknown key too: a process that lacks the newest one puts an entry in the place that all can read, for one more
 * acquisition, whereas an entry it had to leave would cost every such process one of its own.
 *
 * Who can write to the store can still delete, or bring back an older entry of the same cache key until that expires; who can
 * read it sees digests, expiries, sizes and the ids of the keys. NIST SP 800-38D §8.3 allows a key 2^32 entries.
 *
 * @param keys  32 bytes each, copied; at least one, no id twice
 * @throws {TokenCacheError} `invalid_option`
 */
export function encrypted(store: Store, keys: readonly EncryptionKey[], { now = Date.now }: EncryptedOptions = {}): Store {
  expectStore('store', store);
  const ring = readKeyRing(keys);
  return {
    async read(name, context) {
      const bytes = await store.read(name, context);
      if (bytes === undefined) return undefined;
      const opened = open(bytes, { ring, cacheKey: context.key, nowMs: now() });
      if (typeof opened !== 'string') return opened;
      if (opened !== 'expired') await discard(store, name, opened);
      return undefined;
    },
    async write(name, { key: cacheKey, signal, bytes, expiresAtMs }) {
      const sealed = sealEntry(bytes, { cacheKey, expiresAtMs, sealingKey: ring[0], iv: randomBytes(IV_BYTES) });
      await store.write(name, { key: cacheKey, signal, bytes: sealed, expiresAtMs });
    },
    delete: (name) => store.delete(name),
    ...(store.lease && { lease: store.lease.bind(store) }),
    ...(store.close && { close: store.close.bind(store) }),
  };
}

type Unopened = 'unknown_key' | 'tampered' | 'corrupt';

interface Opening {
  readonly ring: KeyRing;
  readonly cacheKey: string;
  readonly nowMs: number;
}

function open(bytes: Uint8Array, { ring, cacheKey, nowMs }: Opening): Uint8Array | 'expired' | Unopened {
  const sealed = readSealedEntry(bytes);
  if (sealed === undefined) return 'corrupt';
  // First, so that what a dropped key left behind in its time raises no alarm.
  if (!(nowMs < sealed.expiresAtMs)) return 'expired';
  const key = ring.find(({ id }) => id.equals(sealed.keyId));
  if (key === undefined) return 'unknown_key';
  return openEntry(sealed, { cacheKey, secret: key.secret }) ?? 'tampered';
}

/** Waited for, because a deletion that came late would hit what is written next. If it fails, the next read tries again. */
async function discard(store: Store, name: string, error: Unopened): Promise<void> {
  publish('store-failure', () => ({ cache: 'encrypted', entry: name, operation: 'read', error }));
  try {
    await store.delete(name);
  } catch {}
}
