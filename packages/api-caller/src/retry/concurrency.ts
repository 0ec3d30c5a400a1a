/** How many requests to one origin are under way at once; the others wait in line. */
import type { Interruption } from '../interruption.ts';

export class Concurrency {
  readonly #most: number;
  readonly #lines = new Map<string, { busy: number; readonly waiting: Set<() => void> }>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves when it is this request's turn, or is `undefined` if that is now. Whoever has had a turn leaves, once. */
  enter(origin: string, interruption: Interruption): Promise<void> | undefined {
    const line = this.#lines.get(origin) ?? { busy: 0, waiting: new Set() };
    if (line.busy === 0) this.#lines.set(origin, line);
    if (line.busy < this.#most) {
      line.busy += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        interruption.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        line.waiting.delete(begin);
        reject(interruption.reason);
      };
      line.waiting.add(begin);
      interruption.addEventListener('abort', giveUp);
    });
  }

  leave(origin: string): void {
    const line = this.#lines.get(origin);
    if (line === undefined) return;
    const [next] = line.waiting;
    if (next !== undefined) {
      line.waiting.delete(next);
      next();
      return;
    }
    line.busy -= 1;
    if (line.busy === 0) this.#lines.delete(origin);
  }
}
