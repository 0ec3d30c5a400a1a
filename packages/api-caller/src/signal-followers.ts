/** Many calls under one `AbortSignal`, with one listener on it: Node 20 warns of a leak at the eleventh. */
import type { Interruption } from './interruption.ts';

/** Knows which calls a signal stops. A signal that stops none is not held, and keeps no listener. */
export class SignalFollowers {
  readonly #groups = new WeakMap<AbortSignal, Group>();

  /** From now on the signal's abort interrupts this call. */
  follow(signal: AbortSignal, call: Interruption): void {
    const group = this.#groups.get(signal) ?? this.#listen(signal);
    group.calls.add(call);
  }

  unfollow(signal: AbortSignal, call: Interruption): void {
    const group = this.#groups.get(signal);
    if (!group?.calls.delete(call) || group.calls.size > 0) return;
    signal.removeEventListener('abort', group.listener);
    this.#groups.delete(signal);
  }

  #listen(signal: AbortSignal): Group {
    const calls = new Set<Interruption>();
    const listener = (): void => {
      for (const call of calls) call.interrupt(signal.reason);
    };
    signal.addEventListener('abort', listener, { once: true });
    const group = { calls, listener };
    this.#groups.set(signal, group);
    return group;
  }
}

interface Group {
  readonly calls: Set<Interruption>;
  readonly listener: () => void;
}
