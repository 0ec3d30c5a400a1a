/** Answers in Microsoft Graph's shape: JSON with a `request-id`, errors as `{ error: { code, message, innerError } }`. */
import type { Answer, MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { type Challenge, challengeHeader } from './challenge.ts';

/** Why a request to the API is refused. */
export interface GraphRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** With status 405: the methods there are. RFC 9110 §15.5.6. */
  readonly allow?: string;
  /** With status 401: what is wrong with the token, if there was one. */
  readonly challenge?: Challenge;
}

export function graphSuccess(body: object, context: AnswerContext): Answer {
  return { status: 200, headers: idHeaders(readIds(context)), body };
}

export function graphError({ status, code, message, allow, challenge }: GraphRefusal, context: AnswerContext): Answer {
  const ids = readIds(context);
  const date = new Date(context.services.clock.now()).toISOString().slice(0, 19);
  return {
    status,
    headers: {
      ...idHeaders(ids),
      ...(allow === undefined ? {} : { allow }),
      ...(status === 401 ? { 'www-authenticate': challengeHeader(challenge, context.services) } : {}),
    },
    body: { error: { code, message, innerError: { date, 'request-id': ids.requestId, 'client-request-id': ids.clientRequestId } } },
  };
}

/** A token that was sent and is of no use: whatever `challenge` says, in the body too. */
export function unauthorized(challenge: Challenge): GraphRefusal {
  return { status: 401, code: 'InvalidAuthenticationToken', message: challenge.description, challenge };
}

interface AnswerContext {
  readonly request: MockRequest;
  readonly services: Services;
}

interface Ids {
  readonly requestId: string;
  /** The client's own id, or the request id when it sent none, as at Graph. */
  readonly clientRequestId: string;
}

function readIds({ request, services }: AnswerContext): Ids {
  const requestId = services.uniqueId();
  return { requestId, clientRequestId: request.headers['client-request-id'] ?? requestId };
}

function idHeaders({ requestId, clientRequestId }: Ids): Record<string, string> {
  return { 'cache-control': 'no-cache', 'request-id': requestId, 'client-request-id': clientRequestId };
}
