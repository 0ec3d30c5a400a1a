/** Turns what token sources, their caches and API callers tell into OpenTelemetry spans and metrics. */
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { metrics, trace } from '@opentelemetry/api';
import { TokenSourceError } from '../errors.ts';
import { measureApiCalls, propagateTraces, traceApiCalls } from './api-calls.ts';
import { measureCaches } from './cache-metrics.ts';
import { measureCredentials } from './credential-days.ts';
import { traceTokenRequests } from './request-spans.ts';
import { measureTokens } from './token-metrics.ts';

/** What may be replaced in tests. */
export interface OpenTelemetryOptions {
  /** The clock, epoch milliseconds. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/** What runs until it is stopped. */
export interface RunningOpenTelemetry {
  /** Ends all recording. May be called again. */
  stop(): void;
}

/**
 * Records the events of every token source, cache and API caller of this process with the providers that are registered globally by
 * now, and tells APIs of the active trace. It records nothing secret; no attribute of a metric names a tenant, a scope or a client.
 *
 * @throws {TokenSourceError} `invalid_configuration` if it runs already in this process: everything would count twice
 */
export function startOpenTelemetry(options: OpenTelemetryOptions = {}): RunningOpenTelemetry {
  // Asked of the channel, which is the process's own, since this module may be loaded more than once.
  if (channel(RUNNING).hasSubscribers) {
    throw new TokenSourceError('invalid_configuration', 'OpenTelemetry runs already in this process; stop it before it is started again');
  }
  // One of this call's own, so that a second stop ends nobody else's.
  const onNothing = (): void => {};
  const { now = Date.now } = options;
  const meter = metrics.getMeter(SCOPE);
  const stops = [
    traceTokenRequests(trace.getTracer(SCOPE), now),
    measureTokens(meter),
    measureCaches(meter),
    measureCredentials(meter, now),
    traceApiCalls(trace.getTracer(SCOPE), now),
    measureApiCalls(meter),
    propagateTraces(),
  ];
  subscribe(RUNNING, onNothing);
  return {
    stop() {
      for (const stop of stops) stop();
      unsubscribe(RUNNING, onNothing);
    },
  };
}

/** Nothing is published here: that somebody listens says that the recording runs. */
const RUNNING = 'client-credentials:opentelemetry';
const SCOPE = '@client-credentials/token-source';
