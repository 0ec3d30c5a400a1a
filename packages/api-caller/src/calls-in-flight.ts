/** Every call that has not ended yet, so that each ends at its deadline; with one timer for all of them. */
import { Interruption } from './interruption.ts';
import { LinkedList } from './linked-list.ts';
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
  readonly #calls = new LinkedList<CallInFlight>();
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
  run<T>(limits: Limits, work: (interruption: Interruption) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      limits.signal?.throwIfAborted();
      const interruption = new Interruption();
      const end = this.#begin(interruption, limits);
      const fail = (error: unknown): void => {
        end();
        reject(error);
      };
      interruption.addEventListener('abort', () => fail(interruption.reason));
      work(interruption).then((value) => {
        end();
        resolve(value);
      }, fail);
    });
  }

  /** Stops every call for one reason. */
  interruptAll(reason: unknown): void {
    for (const { interruption } of this.#calls.members()) interruption.interrupt(reason);
    clearTimeout(this.#timer);
  }

  /** Returns what to do at its end, of which a stopped call has two: its own and that of its work. */
  #begin(interruption: Interruption, { signal, deadlineMs, late }: Limits): () => void {
    const deadlineAtMs = this.#now() + deadlineMs;
    const place = this.#calls.add({ interruption, deadlineAtMs, late });
    if (deadlineAtMs < this.#wakesAtMs) this.#wakeAt(deadlineAtMs);
    // Somebody waits for this call, so the process must not end before its deadline does.
    this.#timer?.ref();
    const unfollow = signal === undefined ? undefined : this.#signals.follow(signal, interruption);
    return () => {
      this.#calls.remove(place);
      if (this.#calls.isEmpty) this.#timer?.unref();
      if (unfollow === undefined) return;
      if (interruption.openBody === undefined) unfollow();
      else interruption.openBody.once('close', unfollow);
    };
  }

  #wakeAt(atMs: number): void {
    clearTimeout(this.#timer);
    this.#wakesAtMs = atMs;
    this.#timer = setTimeout(() => this.#interruptLate(), Math.max(1, atMs - this.#now()));
  }

  #interruptLate(): void {
    const nowMs = this.#now();
    let nextAtMs = Number.POSITIVE_INFINITY;
    for (const { interruption, deadlineAtMs, late } of this.#calls.members()) {
      if (deadlineAtMs <= nowMs) interruption.interrupt(late());
      else nextAtMs = Math.min(nextAtMs, deadlineAtMs);
    }
    this.#wakesAtMs = nextAtMs;
    if (nextAtMs < Number.POSITIVE_INFINITY) this.#wakeAt(nextAtMs);
  }
}

interface CallInFlight {
  readonly interruption: Interruption;
  readonly deadlineAtMs: number;
  readonly late: () => Error;
}
