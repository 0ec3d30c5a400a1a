/** A span for every attempt at a token. */
import { type Attributes, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { TokenSourceEvents } from '../events.ts';
import { listen } from './channels.ts';
import { errorType } from './error-type.ts';
import { serverOf } from './server.ts';

/**
 * Makes the spans until the function that it returns is called. Each is a child of what was being traced where the request was begun.
 *
 * @param now  epoch milliseconds
 * @see OpenTelemetry, semantic conventions for HTTP client spans https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function traceTokenRequests(tracer: Tracer, now: () => number): () => void {
  return listen({
    'token-source:token-request': (event) => {
      const endMs = now();
      // A clock that was set back makes no span that ends before it begins. As dates, since small numbers would count from the process's start.
      const startTime = new Date(endMs - Math.max(0, event.durationMs));
      const span = tracer.startSpan('token request', { kind: SpanKind.CLIENT, startTime, attributes: attributesOf(event) });
      if (event.outcome !== 'token') span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(new Date(endMs));
    },
  });
}

function attributesOf(event: TokenSourceEvents['token-request']): Attributes {
  return {
    ...serverOf(event.host),
    ...(event.status !== undefined && { 'http.response.status_code': event.status }),
    ...(event.attempt > 1 && { 'http.request.resend_count': event.attempt - 1 }),
    ...errorType(event),
    'client_credentials.source': event.source,
    'client_credentials.credential': event.credential,
    'client_credentials.outcome': event.outcome,
    'client_credentials.scope': event.scope,
    ...(event.tenant !== undefined && { 'client_credentials.tenant': event.tenant }),
    ...(event.errorCodes !== undefined && { 'client_credentials.error_codes': [...event.errorCodes] }),
  };
}
