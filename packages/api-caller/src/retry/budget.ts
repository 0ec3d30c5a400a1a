/**
 * How many repetitions one origin is given in all: when it is down, a few calls try again and the others fail at once, so that a
 * fleet of clients does not keep it down.
 */

/** A bucket for each origin. A repetition takes from it, an answer gives a little back. */
export class RetryBudget {
  readonly #left = new Map<string, number>();

  /** Whether there is enough left for one more repetition; then it is taken. */
  take(origin: string, kind: 'answer' | 'failure'): boolean {
    const left = (this.#left.get(origin) ?? FULL) - COSTS[kind];
    if (left < 0) return false;
    this.#left.set(origin, left);
    return true;
  }

  /** An answer that needed no repetition. */
  give(origin: string): void {
    const left = this.#left.get(origin);
    if (left === undefined) return;
    // A full bucket is none, so that nothing is kept of origins that are well.
    if (left + REFUND >= FULL) this.#left.delete(origin);
    else this.#left.set(origin, left + REFUND);
  }
}

// AWS's clients have these numbers: a hundred repetitions after answers, fifty after lost connections, one for five good answers.
const FULL = 500;
const COSTS = { answer: 5, failure: 10 } as const;
const REFUND = 1;
