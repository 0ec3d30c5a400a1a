/**
 * What API callers tell whoever listens, on `node:diagnostics_channel`. Nothing secret is in an event, and nothing of a URL but its
 * host. While nobody listens, an event costs a look at a flag.
 */
import { type Channel, channel } from 'node:diagnostics_channel';

/** The events by the last part of their channel's name, which begins with `client-credentials:api-caller:`. */
export interface ApiCallerEvents {
  /** A call begins. Whoever traces it writes down here what the API shall be told of the trace. */
  start: CallEvent & { readonly trace: TraceContext };
  /** An attempt has ended. */
  attempt: CallEvent & {
    /** Counted from 1. */
    readonly attempt: number;
    /** Of the answer; absent if there was none. */
    readonly status?: number;
    /** The failure's `code`; absent if there was an answer. */
    readonly error?: string;
    readonly durationMs: number;
  };
  /** A call has ended: with an answer, whatever its status, or without. */
  end: CallEvent & { readonly attempts: number; readonly status?: number; readonly error?: string; readonly durationMs: number };
  /** An attempt will be repeated after a pause. */
  retry: CallEvent & { readonly attempt: number; readonly delayMs: number; readonly status?: number };
  /** The API has refused the token, and another one is asked for: because of a 401, of its claims challenge, or of a 403. */
  'token-rejected': CallEvent & { readonly remedy: 'renew' | 'claims' | 'refresh' };
  /** The API has redirected; `followed` says whether the call goes on there. */
  redirect: CallEvent & { readonly status: number; readonly followed: boolean };
}

export interface CallEvent {
  readonly method: string;
  readonly host: string;
}

/** What the headers of W3C Trace Context will hold. https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  traceparent?: string;
  tracestate?: string;
}

export function hasListeners(...names: readonly (keyof ApiCallerEvents)[]): boolean {
  return names.some((name) => CHANNELS[name].hasSubscribers);
}

/** Publishes an event, which is made only if somebody listens. */
export function publish<N extends keyof ApiCallerEvents>(name: N, event: () => ApiCallerEvents[N]): void {
  const to = CHANNELS[name];
  if (to.hasSubscribers) to.publish(event());
}

const CHANNELS: Readonly<Record<keyof ApiCallerEvents, Channel>> = {
  start: named('start'),
  attempt: named('attempt'),
  end: named('end'),
  retry: named('retry'),
  'token-rejected': named('token-rejected'),
  redirect: named('redirect'),
};

function named(name: keyof ApiCallerEvents): Channel {
  return channel(`client-credentials:api-caller:${name}`);
}
