/**
 * Many listeners on a caller's signal behind one: Node warns of a leak at the eleventh listener on a signal, and one signal
 * for a whole job with thousands of calls is common use.
 */
export class AbortListeners {
  readonly #bySignal = new WeakMap<AbortSignal, SharedListener>();

  /** Calls `listener` when the signal aborts, at once if it has. Returns how to stop listening. */
  add(signal: AbortSignal, listener: () => void): () => void {
    if (signal.aborted) {
      listener();
      return () => {};
    }
    const shared = this.#bySignal.get(signal) ?? this.#listen(signal);
    shared.listeners.add(listener);
    return () => {
      shared.listeners.delete(listener);
      if (shared.listeners.size > 0) return;
      signal.removeEventListener('abort', shared.onAbort);
      this.#bySignal.delete(signal);
    };
  }

  #listen(signal: AbortSignal): SharedListener {
    const listeners = new Set<() => void>();
    const onAbort = (): void => {
      for (const listener of listeners) listener();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const shared = { listeners, onAbort };
    this.#bySignal.set(signal, shared);
    return shared;
  }
}

interface SharedListener {
  readonly listeners: Set<() => void>;
  readonly onAbort: () => void;
}
