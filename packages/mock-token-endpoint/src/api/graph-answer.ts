/** Answers in Microsoft Graph's shape: JSON with a `request-id`, errors as `{ error: { code, message, innerError } }`. */
import { chooseEncoding } from '../server/content-encoding.ts';
import type { Answer, MockRequest } from '../server/http.ts';
import type { Services } from '../services.ts';
import { type Challenge, challengeHeader } from './challenge.ts';

/** What a request to the API brings. */
export interface GraphSuccess {
  /** Default 200. */
  readonly status?: number;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes out as JSON; default none. */
  readonly body?: object;
}

/** Why a request to the API is refused. */
export interface GraphRefusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Names in lower case: `allow` with status 405, `location` with 410. */
  readonly headers?: Readonly<Record<string, string>>;
  /** With status 401: what is wrong with the token, if there was one. */
  readonly challenge?: Challenge;
}

export function graphSuccess({ status = 200, headers, body }: GraphSuccess, context: AnswerContext): Answer {
  return { status, headers: { ...idHeaders(readIds(context)), ...headers }, body, encoding: readEncoding(context) };
}

export function graphError({ status, code, message, headers, challenge }: GraphRefusal, context: AnswerContext): Answer {
  const ids = readIds(context);
  const date = new Date(context.services.clock.now()).toISOString().slice(0, 19);
  return {
    status,
    headers: {
      ...idHeaders(ids),
      ...headers,
      ...(status === 401 ? { 'www-authenticate': challengeHeader(challenge, context.services) } : {}),
    },
    body: { error: { code, message, innerError: { date, 'request-id': ids.requestId, 'client-request-id': ids.clientRequestId } } },
    encoding: readEncoding(context),
  };
}

export function badRequest(message: string): GraphRefusal {
  return { status: 400, code: 'Request_BadRequest', message };
}

/** A token that was sent and is of no use: whatever `challenge` says, in the body too. */
export function unauthorized(challenge: Challenge): GraphRefusal {
  return { status: 401, code: 'InvalidAuthenticationToken', message: challenge.description, challenge };
}

interface AnswerContext {
  readonly request: MockRequest;
  readonly services: Services;
}

/** Graph compresses whatever the client can take. */
function readEncoding({ request }: AnswerContext): Answer['encoding'] {
  return chooseEncoding(request.headers['accept-encoding']);
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
