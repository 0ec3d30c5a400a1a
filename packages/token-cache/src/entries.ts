/** The kept values, bounded in number: by key in one flat `Map`, and in two queues that say which goes first. */
import type { Entry } from './entry.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import type { Expiring } from './freshness.ts';
import { RecencyQueue } from './recency-queue.ts';

export class Entries<V extends Expiring> {
  readonly #byKey = new Map<string, Entry<V>>();
  readonly #byExpiry = new ExpiryQueue<Entry<V>>();
  readonly #byArrival = new RecencyQueue<Entry<V>>();
  readonly #maxEntries: number;

  constructor({ maxEntries }: { maxEntries: number }) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): Entry<V> | undefined {
    return this.#byKey.get(key);
  }

  /** Puts an entry in place of the one with its key, or of the one that is needed least when there is no room. */
  set(entry: Entry<V>, { nowMs }: { nowMs: number }): void {
    if (!this.delete(entry.key) && this.size >= this.#maxEntries) this.#evict(nowMs);
    this.#byKey.set(entry.key, entry);
    this.#byExpiry.add(entry);
    this.#byArrival.add(entry);
  }

  delete(key: string): boolean {
    const entry = this.#byKey.get(key);
    if (entry === undefined) return false;
    this.#byKey.delete(key);
    this.#byExpiry.remove(entry);
    this.#byArrival.remove(entry);
    return true;
  }

  clear(): void {
    this.#byKey.clear();
    this.#byExpiry.clear();
    this.#byArrival.clear();
  }

  /**
   * Removes the entry that expired first, else the oldest not used since it was last looked at: second chance, which
   * approximates least recently used with one bit. Each bit cleared here was set by a use, so a removal costs O(1) of them
   * on average, and O(log n) for the heap. An entry that callers wait to renew is marked as used, so it stays as their way back.
   */
  #evict(nowMs: number): void {
    const earliest = this.#byExpiry.first;
    if (earliest !== undefined && earliest.expiresAtMs <= nowMs) {
      this.delete(earliest.key);
      return;
    }
    for (let entry = this.#byArrival.oldest; entry !== undefined; entry = this.#byArrival.oldest) {
      if (!entry.used) {
        this.delete(entry.key);
        return;
      }
      entry.used = false;
      this.#byArrival.remove(entry);
      this.#byArrival.add(entry);
    }
  }
}
