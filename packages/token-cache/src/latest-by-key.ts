/** Notes about keys, of which only the latest are of interest: one for each key, and the oldest gives way when there are too many. */
export class LatestByKey<T> {
  readonly #byKey = new Map<string, T>();
  readonly #most: number;

  constructor({ most }: { most: number }) {
    this.#most = most;
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key);
  }

  set(key: string, note: T): void {
    // First, so that a key noted anew counts among the latest.
    this.#byKey.delete(key);
    const [oldest] = this.#byKey.keys();
    if (this.#byKey.size >= this.#most && oldest !== undefined) this.#byKey.delete(oldest);
    this.#byKey.set(key, note);
  }

  delete(key: string): void {
    this.#byKey.delete(key);
  }

  clear(): void {
    this.#byKey.clear();
  }
}
