/** Holds a 401 back until it is known whether the request is sent again; every other answer passes. */
import type { Dispatcher } from 'undici';

type Controller = Dispatcher.DispatchController;
type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/** A 401 that has not been handed on yet. */
export interface Refusal {
  readonly headers: Headers;
  readonly statusMessage: string | undefined;
  readonly chunks: Buffer[];
}

export class HeldRefusal implements Dispatcher.DispatchHandler {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #sendAgain: (refusal: Refusal) => Promise<boolean>;
  readonly #fail: (error: unknown) => void;
  #held: Refusal | undefined;
  #bytes = 0;

  /** @param parts.sendAgain  resolves with whether the request was sent again; if not, the refusal is handed on */
  constructor(parts: {
    readonly handler: Dispatcher.DispatchHandler;
    readonly sendAgain: (refusal: Refusal) => Promise<boolean>;
    readonly fail: (error: unknown) => void;
  }) {
    this.#handler = parts.handler;
    this.#sendAgain = parts.sendAgain;
    this.#fail = parts.fail;
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#handler.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(...upgrade: Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestUpgrade']>>): void {
    this.#handler.onRequestUpgrade?.(...upgrade);
  }

  onResponseStart(controller: Controller, statusCode: number, headers: Headers, statusMessage?: string): void {
    if (statusCode === 401) this.#held = { headers, statusMessage, chunks: [] };
    else this.#handler.onResponseStart?.(controller, statusCode, headers, statusMessage);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#held === undefined) {
      this.#handler.onResponseData?.(controller, chunk);
      return;
    }
    this.#held.chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    // So large a refusal is not worth another try.
    if (this.#bytes > MOST_BYTES) this.#handOn(controller, this.#held);
  }

  onResponseEnd(controller: Controller, trailers: Headers): void {
    const held = this.#held;
    if (held === undefined) {
      this.#handler.onResponseEnd?.(controller, trailers);
      return;
    }
    const settle = async (): Promise<void> => {
      if (await this.#sendAgain(held)) return;
      this.#handOn(controller, held);
      this.#handler.onResponseEnd?.(controller, trailers);
    };
    settle().catch(this.#fail);
  }

  onResponseError(controller: Controller, error: Error): void {
    this.#held = undefined;
    this.#handler.onResponseError?.(controller, error);
  }

  #handOn(controller: Controller, { headers, statusMessage, chunks }: Refusal): void {
    this.#held = undefined;
    this.#handler.onResponseStart?.(controller, 401, headers, statusMessage);
    for (const chunk of chunks) this.#handler.onResponseData?.(controller, chunk);
  }
}

const MOST_BYTES = 64 * 1024;
