/** How many requests to one origin are under way at once; the others wait in line. */
import type { Interruption } from '../interruption.ts';
import { LinkedList } from '../linked-list.ts';

interface Line {
  busy: number;
  readonly waiting: LinkedList<() => void>;
}

export class Concurrency {
  readonly #most: number;
  readonly #lines = new Map<string, Line>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves when it is this request's turn, or is `undefined` if that is now. Whoever has had a turn leaves, once. */
  enter(origin: string, interruption: Interruption): Promise<void> | undefined {
    const line = this.#lines.get(origin) ?? this.#open(origin);
    if (line.busy < this.#most) {
      line.busy += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const place = line.waiting.add(() => {
        interruption.removeEventListener('abort', giveUp);
        resolve();
      });
      const giveUp = (): void => {
        line.waiting.remove(place);
        reject(interruption.reason);
      };
      interruption.addEventListener('abort', giveUp);
    });
  }

  leave(origin: string): void {
    const line = this.#lines.get(origin);
    if (line === undefined) return;
    const next = line.waiting.shift();
    if (next === undefined) line.busy -= 1;
    else next();
  }

  /** An empty line stays, since most origins are called again. */
  #open(origin: string): Line {
    if (this.#lines.size >= MOST_LINES) for (const [other, { busy }] of this.#lines) if (busy === 0) this.#lines.delete(other);
    const line = { busy: 0, waiting: new LinkedList<() => void>() };
    this.#lines.set(origin, line);
    return line;
  }
}

const MOST_LINES = 100;
