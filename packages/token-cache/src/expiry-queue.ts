/** A queue by expiry, earliest first: a binary heap whose items know their place in it, so that any of them can leave. */

export interface Queued {
  readonly expiresAtMs: number;
  /** Kept by the queue. */
  place: number;
}

export class ExpiryQueue<T extends Queued> {
  #heap: T[] = [];

  get first(): T | undefined {
    return this.#heap[0];
  }

  add(item: T): void {
    this.#put(item, this.#heap.length);
    this.#rise(item);
  }

  remove(item: T): void {
    const last = this.#heap.pop();
    if (last === undefined || last === item) return;
    this.#put(last, item.place);
    this.#rise(last);
    this.#sink(last);
  }

  clear(): void {
    this.#heap = [];
  }

  #rise(item: T): void {
    for (;;) {
      const parent = this.#heap[(item.place - 1) >> 1];
      if (parent === undefined || parent.expiresAtMs <= item.expiresAtMs) return;
      this.#swap(item, parent);
    }
  }

  #sink(item: T): void {
    for (;;) {
      const left = this.#heap[2 * item.place + 1];
      const right = this.#heap[2 * item.place + 2];
      const child = left !== undefined && right !== undefined && right.expiresAtMs < left.expiresAtMs ? right : left;
      if (child === undefined || item.expiresAtMs <= child.expiresAtMs) return;
      this.#swap(item, child);
    }
  }

  #swap(one: T, other: T): void {
    const { place } = one;
    this.#put(one, other.place);
    this.#put(other, place);
  }

  #put(item: T, place: number): void {
    item.place = place;
    this.#heap[place] = item;
  }
}
