/** The kept values, bounded in number and in bytes: by key in one flat `Map`, by tag, and in two queues that say which goes first. */
import type { Entry } from './entry.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import type { Expiring } from './freshness.ts';
import { RecencyQueue } from './recency-queue.ts';
import { TagIndex } from './tag-index.ts';

/** Why a value left to make room: it had expired, or there were too many of them, or too much. */
export type EvictionReason = 'expired' | 'entries' | 'bytes';

export interface EntriesOptions {
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly onEviction: (key: string, reason: EvictionReason) => void;
}

export class Entries<V extends Expiring> {
  readonly #byKey = new Map<string, Entry<V>>();
  readonly #byTag = new TagIndex<Entry<V>>();
  readonly #byExpiry = new ExpiryQueue<Entry<V>>();
  readonly #byArrival = new RecencyQueue<Entry<V>>();
  readonly #options: EntriesOptions;
  #bytes = 0;

  constructor(options: EntriesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): Entry<V> | undefined {
    return this.#byKey.get(key);
  }

  keys(): readonly string[] {
    return [...this.#byKey.keys()];
  }

  keysOf(tag: string): readonly string[] {
    return this.#byTag.of(tag).map(({ key }) => key);
  }

  /** Puts an entry in place of the one with its key, and makes room for it. One that is too big for all the room there is, is not kept. */
  set(entry: Entry<V>, { nowMs }: { nowMs: number }): void {
    const { maxEntries, maxBytes, onEviction } = this.#options;
    const evicted: [key: string, reason: EvictionReason][] = [];
    this.delete(entry.key);
    if (entry.bytes > maxBytes) {
      onEviction(entry.key, 'bytes');
      return;
    }
    while (this.size >= maxEntries) evicted.push(this.#evict('entries', nowMs));
    while (this.#bytes + entry.bytes > maxBytes) evicted.push(this.#evict('bytes', nowMs));
    this.#byKey.set(entry.key, entry);
    this.#byTag.add(entry);
    this.#byExpiry.add(entry);
    this.#byArrival.add(entry);
    this.#bytes += entry.bytes;
    // Told at the end, when who hears of it may do anything, even close the cache.
    for (const [key, reason] of evicted) onEviction(key, reason);
  }

  delete(key: string): boolean {
    const entry = this.#byKey.get(key);
    if (entry === undefined) return false;
    this.#byKey.delete(key);
    this.#byTag.remove(entry);
    this.#byExpiry.remove(entry);
    this.#byArrival.remove(entry);
    this.#bytes -= entry.bytes;
    return true;
  }

  clear(): void {
    this.#byKey.clear();
    this.#byTag.clear();
    this.#byExpiry.clear();
    this.#byArrival.clear();
    this.#bytes = 0;
  }

  /**
   * Removes the entry that expired first, else the oldest not used since it was last looked at: second chance, which
   * approximates least recently used with one bit. Each bit cleared here was set by a use, so a removal costs O(1) of them
   * on average, and O(log n) for the heap. An entry that callers wait to renew is marked as used, so it stays as their way back.
   */
  #evict(reason: EvictionReason, nowMs: number): [key: string, reason: EvictionReason] {
    const earliest = this.#byExpiry.first;
    const hasExpired = earliest !== undefined && earliest.expiresAtMs <= nowMs;
    const { key } = hasExpired ? earliest : this.#leastNeeded();
    this.delete(key);
    return [key, hasExpired ? 'expired' : reason];
  }

  /** There is room for every single entry, so whoever asks has at least one. */
  #leastNeeded(): Entry<V> {
    for (;;) {
      const entry = this.#byArrival.oldest as Entry<V>;
      if (!entry.used) return entry;
      entry.used = false;
      this.#byArrival.remove(entry);
      this.#byArrival.add(entry);
    }
  }
}
