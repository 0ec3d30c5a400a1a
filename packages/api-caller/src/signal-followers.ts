/** Many calls under one `AbortSignal`, with one listener on it: Node 20 warns of a leak at the eleventh. */
import type { Interruption } from './interruption.ts';
import { LinkedList } from './linked-list.ts';

/** Knows which calls a signal stops. A signal that stops none is not held, and keeps no listener. */
export class SignalFollowers {
  readonly #groups = new WeakMap<AbortSignal, Group>();

  /** From now on the signal's abort interrupts this call, until what is returned is called. */
  follow(signal: AbortSignal, call: Interruption): () => void {
    const group = this.#groups.get(signal) ?? this.#listen(signal);
    const place = group.calls.add(call);
    return () => {
      group.calls.remove(place);
      if (!group.calls.isEmpty || this.#groups.get(signal) !== group) return;
      signal.removeEventListener('abort', group.listener);
      this.#groups.delete(signal);
    };
  }

  #listen(signal: AbortSignal): Group {
    const calls = new LinkedList<Interruption>();
    const listener = (): void => {
      for (const call of calls.members()) call.interrupt(signal.reason);
    };
    signal.addEventListener('abort', listener, { once: true });
    const group = { calls, listener };
    this.#groups.set(signal, group);
    return group;
  }
}

interface Group {
  readonly calls: LinkedList<Interruption>;
  readonly listener: () => void;
}
