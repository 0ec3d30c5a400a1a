/** Work in the background, one after another for each key: what is written and removed in a store keeps its order there. */

export class KeyQueue {
  readonly #lastByKey = new Map<string, Promise<void>>();

  /** Settles as the work does. */
  run(key: string, work: () => Promise<void>): Promise<void> {
    const done = (this.#lastByKey.get(key) ?? Promise.resolve()).then(work);
    const settled = done
      .catch(() => {})
      .then(() => {
        if (this.#lastByKey.get(key) === settled) this.#lastByKey.delete(key);
      });
    this.#lastByKey.set(key, settled);
    return done;
  }

  /** When all that was begun has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#lastByKey.values());
  }
}
