/** Every call that has not ended yet, so that each ends at its deadline; with one timer for all of them. */
import { Interruption } from './interruption.ts';
import { SignalFollowers } from './signal-followers.ts';

/** What may stop a call. */
export interface Limits {
  readonly signal: AbortSignal | undefined;
  /** From now on, milliseconds. */
  readonly deadlineMs: number;
  /** Makes the error of a call that reached its deadline. */
  readonly late: () => Error;
}

export class CallsInFlight {
  readonly #calls = new Map<Interruption, { readonly deadlineAtMs: number; readonly late: () => Error }>();
  readonly #now: () => number;
  readonly #signals = new SignalFollowers();
  #timer: NodeJS.Timeout | undefined;
  #wakesAtMs = Number.POSITIVE_INFINITY;

  /** @param now  milliseconds from any start, and never back: the wall clock may be set */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * What `work` resolves or rejects with, unless the call is stopped first: then it rejects at once with the reason, whatever
   * `work` still waits for. `work` is told by its interruption and must start nothing more.
   */
  async run<T>(limits: Limits, work: (interruption: Interruption) => Promise<T>): Promise<T> {
    limits.signal?.throwIfAborted();
    const interruption = new Interruption();
    if (limits.signal !== undefined) this.#signals.follow(limits.signal, interruption);
    this.#watch(interruption, limits);
    try {
      return await new Promise((resolve, reject) => {
        interruption.addEventListener('abort', () => reject(interruption.reason));
        work(interruption).then(resolve, reject);
      });
    } finally {
      this.#calls.delete(interruption);
      if (this.#calls.size === 0) this.#timer?.unref();
      if (limits.signal !== undefined) this.#release(limits.signal, interruption);
    }
  }

  /** Stops every call for one reason. */
  interruptAll(reason: unknown): void {
    for (const interruption of this.#calls.keys()) interruption.interrupt(reason);
    clearTimeout(this.#timer);
  }

  #release(signal: AbortSignal, interruption: Interruption): void {
    const unfollow = (): void => this.#signals.unfollow(signal, interruption);
    if (interruption.openBody === undefined) unfollow();
    else interruption.openBody.once('close', unfollow);
  }

  #watch(interruption: Interruption, limits: Limits): void {
    const deadlineAtMs = this.#now() + limits.deadlineMs;
    this.#calls.set(interruption, { deadlineAtMs, late: limits.late });
    if (deadlineAtMs < this.#wakesAtMs) this.#wakeAt(deadlineAtMs);
    // Somebody waits for this call, so the process must not end before its deadline does.
    this.#timer?.ref();
  }

  #wakeAt(atMs: number): void {
    clearTimeout(this.#timer);
    this.#wakesAtMs = atMs;
    this.#timer = setTimeout(() => this.#interruptLate(), Math.max(1, atMs - this.#now()));
  }

  #interruptLate(): void {
    const nowMs = this.#now();
    let nextAtMs = Number.POSITIVE_INFINITY;
    for (const [interruption, { deadlineAtMs, late }] of this.#calls) {
      if (deadlineAtMs <= nowMs) interruption.interrupt(late());
      else nextAtMs = Math.min(nextAtMs, deadlineAtMs);
    }
    this.#wakesAtMs = nextAtMs;
    if (nextAtMs < Number.POSITIVE_INFINITY) this.#wakeAt(nextAtMs);
  }
}
