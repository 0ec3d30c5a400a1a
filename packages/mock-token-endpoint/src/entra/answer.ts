/** Entra's answers in its shape: RFC 6749 §5.2 with trace id, correlation id and the numbers behind the text. */
import { isGuid } from '../guid.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import type { TokenResponse } from '../tokens.ts';
import { type AadstsRefusal, fillMessage, findAadsts } from './aadsts.ts';

/** A success of the token endpoint. RFC 6749 §5.1. */
export function entraSuccess({ members, claims }: TokenResponse, { request, services }: AnswerContext): Answer {
  const ids = readIds(request, services.uniqueId);
  return { status: 200, headers: entraHeaders(request, ids), body: members, tokenClaims: claims };
}

/** The answer to a refused request. RFC 6749 §5.2, which Entra breaks with line breaks in `error_description`. */
export function entraError({ aadsts, values }: AadstsRefusal, { request, services, facts }: AnswerContext): Answer {
  const ids = readIds(request, services.uniqueId);
  const { error, status, message } = findAadsts(aadsts);
  const timestamp = `${new Date(services.clock.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const description = [
    `AADSTS${aadsts}: ${fillMessage(message, { ...facts, ...values })}`,
    `Trace ID: ${ids.traceId}`,
    `Correlation ID: ${ids.correlationId}`,
    `Timestamp: ${timestamp}`,
  ];
  return {
    status,
    headers: entraHeaders(request, ids),
    body: {
      error,
      error_description: description.join('\r\n'),
      error_codes: [aadsts],
      timestamp,
      trace_id: ids.traceId,
      correlation_id: ids.correlationId,
      error_uri: `${request.origin}/error?code=${aadsts}`,
    },
  };
}

export interface AnswerContext {
  readonly request: MockRequest;
  readonly services: Services;
  /** What is known of the request, for the gaps in messages. */
  readonly facts?: { readonly tenant?: string | undefined; readonly clientId?: string | undefined; readonly scope?: string | undefined };
}

interface Ids {
  readonly traceId: string;
  readonly correlationId: string;
}

/** The client's own correlation id when it sent one: in a header, or in the query as MSAL.js does. */
function readIds({ headers, query }: MockRequest, uniqueId: () => string): Ids {
  const sent = headers['client-request-id'] ?? query.get('client-request-id') ?? '';
  return { traceId: uniqueId(), correlationId: isGuid(sent) ? sent : uniqueId() };
}

function entraHeaders({ headers }: MockRequest, { traceId, correlationId }: Ids): Record<string, string> {
  return {
    'cache-control': 'no-store',
    pragma: 'no-cache',
    'x-ms-request-id': traceId,
    ...(headers['return-client-request-id'] === 'true' ? { 'client-request-id': correlationId } : {}),
  };
}
