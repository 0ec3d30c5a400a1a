/** Which items carry a tag. */

export interface Tagged {
  readonly tags: readonly string[];
}

export class TagIndex<T extends Tagged> {
  readonly #byTag = new Map<string, Set<T>>();

  add(item: T): void {
    for (const tag of item.tags) {
      const items = this.#byTag.get(tag);
      if (items === undefined) this.#byTag.set(tag, new Set([item]));
      else items.add(item);
    }
  }

  remove(item: T): void {
    for (const tag of item.tags) {
      const items = this.#byTag.get(tag);
      items?.delete(item);
      if (items?.size === 0) this.#byTag.delete(tag);
    }
  }

  /** A list of its own: what is removed meanwhile changes nothing in it. */
  of(tag: string): readonly T[] {
    return [...(this.#byTag.get(tag) ?? [])];
  }

  clear(): void {
    this.#byTag.clear();
  }
}
