/** What an API may do to its callers, played in front of a real dispatcher: for a program's own tests. */
import type { Dispatcher } from 'undici';

/**
 * - `status`: this answer in place of the API's, which hears nothing.
 * - `lost`: the connection is lost, `before` the API hears of the request, or `after` it has acted on it.
 * - `cutAfterBytes`: the API's body breaks off behind so many bytes.
 * - `delayMs`: the request goes on its way later.
 */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | { readonly lost: 'before' | 'after' }
  | { readonly cutAfterBytes: number }
  | { readonly delayMs: number };

/** A request that is about to leave. */
export interface LeavingRequest {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  /** Counted from 1. */
  readonly count: number;
}

/**
 * A dispatcher that asks for each request which fault it meets, and sends the others as they are. It is closed with the one that is given.
 *
 * @param choose  `undefined` for no fault
 */
export function withFaults(dispatcher: Dispatcher, choose: (request: LeavingRequest) => Fault | undefined): Dispatcher {
  let count = 0;
  return dispatcher.compose((dispatch) => (request, handler) => {
    count += 1;
    const fault = choose({ method: request.method, origin: String(request.origin), path: request.path, count });
    if (fault === undefined) return dispatch(request, handler);
    if ('status' in fault) queueMicrotask(() => answer(handler, fault));
    else if ('delayMs' in fault) setTimeout(() => dispatch(request, handler), fault.delayMs);
    else if ('cutAfterBytes' in fault) return dispatch(request, new Cut(handler, fault.cutAfterBytes));
    else if (fault.lost === 'after') return dispatch(request, new Cut(handler, undefined));
    else queueMicrotask(() => handler.onResponseError?.(NO_REQUEST, lost()));
    return true;
  });
}

function answer(handler: Dispatcher.DispatchHandler, { status, headers = {}, body = '' }: Extract<Fault, { status: number }>): void {
  const octets = Buffer.from(body);
  const fields = { 'content-length': String(octets.byteLength), ...lowerCase(headers) };
  handler.onRequestStart?.(NO_REQUEST, null);
  handler.onResponseStart?.(NO_REQUEST, status, fields, '');
  if (octets.byteLength > 0) handler.onResponseData?.(NO_REQUEST, octets);
  handler.onResponseEnd?.(NO_REQUEST, {});
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Loses the connection at the head of the answer, or behind so many bytes of its body. */
class Cut implements Dispatcher.DispatchHandler {
  readonly #handler: Dispatcher.DispatchHandler;
  #bytesLeft: number | undefined;

  constructor(handler: Dispatcher.DispatchHandler, bytes: number | undefined) {
    this.#handler = handler;
    this.#bytesLeft = bytes;
  }

  onRequestStart(...started: Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestStart']>>): void {
    this.#handler.onRequestStart?.(...started);
  }

  onResponseStart(...started: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>): void {
    if (this.#bytesLeft === undefined) started[0].abort(lost());
    else this.#handler.onResponseStart?.(...started);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const bytesLeft = this.#bytesLeft ?? 0;
    this.#handler.onResponseData?.(controller, chunk.subarray(0, bytesLeft));
    this.#bytesLeft = bytesLeft - chunk.byteLength;
    if (this.#bytesLeft < 0) controller.abort(lost());
  }

  onResponseEnd(...ended: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseEnd']>>): void {
    this.#handler.onResponseEnd?.(...ended);
  }

  onResponseError(...failed: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseError']>>): void {
    this.#handler.onResponseError?.(...failed);
  }
}

function lost(): Error {
  return Object.assign(new Error('The connection was lost, as the test wants it'), { code: 'ECONNRESET' });
}

const NO_REQUEST: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  abort: () => {},
  pause: () => {},
  resume: () => {},
};
