/** What callers have rejected, remembered while it could still come back from the store: the latest value of each key, at most a thousand. */
export class Rejections<V> {
  readonly #byKey = new Map<string, V>();

  remember(key: string, value: V): void {
    this.#byKey.delete(key);
    const [oldest] = this.#byKey.keys();
    if (this.#byKey.size >= MOST_REJECTIONS && oldest !== undefined) this.#byKey.delete(oldest);
    this.#byKey.set(key, value);
  }

  of(key: string): V | undefined {
    return this.#byKey.get(key);
  }

  clear(): void {
    this.#byKey.clear();
  }
}

const MOST_REJECTIONS = 1_000;
