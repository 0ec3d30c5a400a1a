/** What stops one call before its end: an `AbortSignal` reduced to what undici reads of one. */
import type { Readable } from 'node:stream';

type Listener = () => void;

/**
 * Stands where a signal does, at a fraction of the cost: a controller and a timer for each call were measured to take a
 * quarter of the throughput. And it is heard at once: undici ends an aborted request only when it has a connection for it.
 */
export class Interruption {
  aborted = false;
  reason: unknown;
  /** A body handed to the caller, which obeys the caller's signal until it closes. */
  openBody: Readable | undefined;
  #listeners: readonly Listener[] = [];
  #controller: AbortController | undefined;

  /** Tells whoever listens, once; later reasons are not heard. */
  interrupt(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.#listeners) listener();
    this.#controller?.abort(reason);
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners = [...this.#listeners, listener];
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener);
  }

  /** The same as a real signal, for those who need one; made when first asked for. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.aborted) this.#controller.abort(this.reason);
    return this.#controller.signal;
  }
}
