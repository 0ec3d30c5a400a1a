/** Which items carry a tag. */

export interface Tagged {
  readonly tags: readonly string[];
}

export class TagIndex<T extends Tagged> {
  /** An item alone with its tag stands for itself: a `Set` of one takes more memory than all the rest of an entry. */
  readonly #byTag = new Map<string, T | Set<T>>();

  add(item: T): void {
    for (const tag of item.tags) {
      const tagged = this.#byTag.get(tag);
      if (tagged === undefined) this.#byTag.set(tag, item);
      else if (tagged instanceof Set) tagged.add(item);
      else if (tagged !== item) this.#byTag.set(tag, new Set([tagged, item]));
    }
  }

  remove(item: T): void {
    for (const tag of item.tags) {
      const tagged = this.#byTag.get(tag);
      if (tagged instanceof Set) tagged.delete(item);
      if (tagged === item || (tagged instanceof Set && tagged.size === 0)) this.#byTag.delete(tag);
    }
  }

  /** A list of its own: what is removed meanwhile changes nothing in it. */
  of(tag: string): readonly T[] {
    const tagged = this.#byTag.get(tag);
    if (tagged === undefined) return [];
    return tagged instanceof Set ? [...tagged] : [tagged];
  }

  clear(): void {
    this.#byTag.clear();
  }
}
