/** What is changed in a store behind the back of callers, for each key in its order: values written, values removed, leases given back. */
import type { Expiring } from './freshness.ts';
import { KeyQueue } from './key-queue.ts';
import type { SharedValues } from './shared-values.ts';

export class StoreWork<V extends Expiring> {
  readonly #shared: SharedValues<V>;
  readonly #queue = new KeyQueue();
  readonly #removals = new Map<string, number>();

  constructor(shared: SharedValues<V>) {
    this.#shared = shared;
  }

  write(key: string, value: V, { replace }: { replace: boolean }): void {
    this.#inBackground(key, () => this.#shared.write(key, value, { replace }));
  }

  release(key: string, release: () => Promise<void>): void {
    this.#inBackground(key, release);
  }

  /** Whether what lies in the store under a key is on its way out, and so must not be given to anybody. */
  isRemoving(key: string): boolean {
    return this.#removals.has(key);
  }

  /**
   * Removes values, each after what is being written of it, and throws what the first failed with. Those that follow a hundred of which
   * none could be removed are not tried.
   */
  async delete(keys: readonly string[]): Promise<void> {
    const failures: unknown[] = [];
    for (const key of keys) this.#removals.set(key, (this.#removals.get(key) ?? 0) + 1);
    try {
      for (let from = 0; from < keys.length; from += DELETED_AT_ONCE) {
        const some = keys.slice(from, from + DELETED_AT_ONCE).map((key) => this.#queue.run(key, () => this.#shared.delete(key)));
        const outcomes = await Promise.allSettled(some);
        for (const outcome of outcomes) if (outcome.status === 'rejected') failures.push(outcome.reason);
        if (outcomes.every(({ status }) => status === 'rejected')) break;
      }
    } finally {
      for (const key of keys) this.#removed(key);
    }
    if (failures.length > 0) throw failures[0];
  }

  /** When all that was begun has ended. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  #inBackground(key: string, work: () => Promise<void>): void {
    this.#queue.run(key, work).catch(() => {});
  }

  #removed(key: string): void {
    const left = (this.#removals.get(key) ?? 1) - 1;
    if (left > 0) this.#removals.set(key, left);
    else this.#removals.delete(key);
  }
}

const DELETED_AT_ONCE = 100;
