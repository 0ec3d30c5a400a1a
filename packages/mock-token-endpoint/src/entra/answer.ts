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

/** The answer to a refused request. RFC 6749 §5.2. */
export function entraError(refusal: AadstsRefusal, context: AnswerContext): Answer {
  const { request, services } = context;
  const ids = readIds(request, services.uniqueId);
  const { status, retryAfterSeconds } = findAadsts(refusal.aadsts);
  return {
    status,
    headers: {
      ...entraHeaders(request, ids),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
    body: errorMembers(refusal, { ...context, ids }),
  };
}

/** What the administrator's browser is told about a refusal: the same words, as parameters. RFC 6749 §4.1.2.1. */
export function entraErrorParameters(refusal: AadstsRefusal, context: AnswerContext): Pick<ErrorMembers, 'error' | 'error_description'> {
  const ids = readIds(context.request, context.services.uniqueId);
  const { error, error_description } = errorMembers(refusal, { ...context, ids });
  return { error, error_description };
}

interface ErrorMembers {
  readonly error: string;
  readonly error_description: string;
  readonly error_codes: readonly number[];
  readonly timestamp: string;
  readonly trace_id: string;
  readonly correlation_id: string;
  readonly error_uri: string;
  readonly suberror?: string;
  /** JSON, as the `claims` parameter takes it. */
  readonly claims?: string;
}

function errorMembers({ aadsts, values }: AadstsRefusal, { request, services, facts, ids }: AnswerContext & { ids: Ids }): ErrorMembers {
  const { error, message, suberror, claims } = findAadsts(aadsts);
  const timestamp = `${new Date(services.clock.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const description = [
    `AADSTS${aadsts}: ${fillMessage(message, { ...facts, ...values })}`,
    `Trace ID: ${ids.traceId}`,
    `Correlation ID: ${ids.correlationId}`,
    `Timestamp: ${timestamp}`,
  ];
  return {
    error,
    // Entra: line breaks, which RFC 6749 §5.2 does not allow there.
    error_description: description.join('\r\n'),
    error_codes: [aadsts],
    timestamp,
    trace_id: ids.traceId,
    correlation_id: ids.correlationId,
    error_uri: `${request.origin}/error?code=${aadsts}`,
    ...(suberror === undefined ? {} : { suberror }),
    ...(claims === undefined ? {} : { claims: JSON.stringify(claims) }),
  };
}

export interface AnswerContext {
  readonly request: MockRequest;
  readonly services: Services;
  /** What is known of the request, for the gaps in messages. */
  readonly facts?: Readonly<Partial<Record<'tenant' | 'clientId' | 'scope' | 'resource', string | undefined>>>;
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
