/** What API callers tell: a span for every attempt, counts and durations, and the trace passed on to the API. */
import { type Attributes, context, type Meter, propagation, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { listen } from './channels.ts';
import { serverOf } from './server.ts';

/** The events of `@client-credentials/api-caller` that are listened to. This package does not know that one, so that they stand here too. */
export interface ApiCallEvents {
  start: ApiCall & { readonly trace: { traceparent?: string; tracestate?: string } };
  attempt: ApiCall & Ended & { readonly attempt: number };
  end: ApiCall & Ended & { readonly attempts: number };
  retry: ApiCall & { readonly status?: number };
  'token-rejected': ApiCall & { readonly remedy: string };
}

interface ApiCall {
  readonly method: string;
  readonly host: string;
}

interface Ended {
  readonly status?: number;
  readonly error?: string;
  readonly durationMs: number;
}

/**
 * Tells APIs of the active trace, by whatever propagator is registered, until the function that it returns is called.
 *
 * @see W3C Trace Context https://www.w3.org/TR/trace-context/
 */
export function propagateTraces(): () => void {
  return listen({ 'api-caller:start': ({ trace }) => propagation.inject(context.active(), trace) });
}

/**
 * Makes a span for every attempt until the function that it returns is called.
 *
 * @param now  epoch milliseconds
 * @see OpenTelemetry, semantic conventions for HTTP client spans https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function traceApiCalls(tracer: Tracer, now: () => number): () => void {
  return listen({
    'api-caller:attempt': (event) => {
      const endMs = now();
      const attributes = {
        ...attributesOf(event),
        ...(event.attempt > 1 && { 'http.request.resend_count': event.attempt - 1 }),
      };
      const startTime = new Date(endMs - Math.max(0, event.durationMs));
      const span = tracer.startSpan(event.method, { kind: SpanKind.CLIENT, startTime, attributes });
      if (event.error !== undefined || (event.status ?? 0) >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(new Date(endMs));
    },
  });
}

/** Counts and measures calls until the function that it returns is called. */
export function measureApiCalls(meter: Meter): () => void {
  const duration = meter.createHistogram('client_credentials.api_call.duration', {
    description: 'How long a call of an API took, with all its attempts and waits',
    unit: 's',
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] },
  });
  const retries = meter.createCounter('client_credentials.api_retries', {
    description: 'Attempts that were repeated after a pause',
    unit: '{attempt}',
  });
  const rejections = meter.createCounter('client_credentials.tokens_rejected', {
    description: 'Tokens that an API refused, so that another one was asked for',
    unit: '{token}',
  });
  return listen({
    'api-caller:end': (event) => duration.record(Math.max(0, event.durationMs) / 1000, attributesOf(event)),
    'api-caller:retry': (event) => retries.add(1, attributesOf(event)),
    'api-caller:token-rejected': ({ host, remedy }) => rejections.add(1, { ...serverOf(host), 'client_credentials.remedy': remedy }),
  });
}

/** Few values each: the hosts are those that the program declared. */
function attributesOf({ method, host, status, error }: ApiCall & { readonly status?: number; readonly error?: string }): Attributes {
  return {
    'http.request.method': method,
    ...serverOf(host),
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(error !== undefined && { 'error.type': error }),
  };
}
