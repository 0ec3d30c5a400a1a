/** Tells of one call while it is under way, if anybody listens; and tells the API of the trace it belongs to. W3C Trace Context. */
import type { Dispatcher } from 'undici';
import type { Call } from './call.ts';
import { ApiCallerError } from './errors.ts';
import { hasListeners, publish, type TraceContext } from './events.ts';

/** `undefined` if nobody listens. */
export function traceCall(call: Call): CallTrace | undefined {
  return hasListeners('start', 'attempt', 'end') ? new CallTrace(call) : undefined;
}

export class CallTrace {
  /** What goes with every attempt. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #subject: { readonly method: string; readonly host: string };
  readonly #startedAtMs = performance.now();
  #attempts = 0;
  #status: number | undefined;

  constructor({ method, target, headers }: Call) {
    this.#subject = { method, host: target.url.host };
    const trace: TraceContext = {};
    publish('start', () => ({ ...this.#subject, trace }));
    this.headers = headers['traceparent'] === undefined ? headersOf(trace) : {};
  }

  async attempt(attempt: number, dispatching: Promise<Dispatcher.ResponseData>): Promise<Dispatcher.ResponseData> {
    this.#attempts = attempt;
    this.#status = undefined;
    const startedAtMs = performance.now();
    const tell = (outcome: { readonly status: number } | { readonly error: string }): void =>
      publish('attempt', () => ({ ...this.#subject, attempt, ...outcome, durationMs: performance.now() - startedAtMs }));
    try {
      const response = await dispatching;
      this.#status = response.statusCode;
      tell({ status: response.statusCode });
      return response;
    } catch (error) {
      tell({ error: codeOf(error) });
      throw error;
    }
  }

  /** What the call resolves or rejects with, and the telling of it. */
  async end<T>(delivered: Promise<T>): Promise<T> {
    try {
      const value = await delivered;
      this.#tellEnd({});
      return value;
    } catch (error) {
      this.#tellEnd({ error: codeOf(error) });
      throw error;
    }
  }

  #tellEnd(failure: { readonly error?: string }): void {
    publish('end', () => ({
      ...this.#subject,
      attempts: this.#attempts,
      ...(this.#status !== undefined && { status: this.#status }),
      ...failure,
      durationMs: performance.now() - this.#startedAtMs,
    }));
  }
}

function headersOf({ traceparent, tracestate }: TraceContext): Readonly<Record<string, string>> {
  if (traceparent === undefined || !TRACEPARENT.test(traceparent)) return {};
  return { traceparent, ...(tracestate !== undefined && TRACESTATE.test(tracestate) && { tracestate }) };
}

/** An error's class at most: its message may say more than an event shall. */
function codeOf(error: unknown): string {
  if (error instanceof ApiCallerError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;
