/**
 * A queue in order of arrival, from which any item can leave: a doubly linked list through the items themselves.
 * A `Map` has that order too, but taking its first key after many removals walks over all the gaps they left.
 */

export interface Linked<T> {
  /** Both kept by the queue. */
  older: T | undefined;
  newer: T | undefined;
}

export class RecencyQueue<T extends Linked<T>> {
  #oldest: T | undefined;
  #newest: T | undefined;

  get oldest(): T | undefined {
    return this.#oldest;
  }

  add(item: T): void {
    item.older = this.#newest;
    item.newer = undefined;
    if (this.#newest === undefined) this.#oldest = item;
    else this.#newest.newer = item;
    this.#newest = item;
  }

  remove(item: T): void {
    if (item.older === undefined) this.#oldest = item.newer;
    else item.older.newer = item.newer;
    if (item.newer === undefined) this.#newest = item.older;
    else item.newer.older = item.older;
  }

  clear(): void {
    this.#oldest = undefined;
    this.#newest = undefined;
  }
}
