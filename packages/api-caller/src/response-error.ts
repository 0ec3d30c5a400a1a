/** Makes an error of an answer: what an operator needs, and nothing of the request. OData JSON 4.01 §21.1, RFC 9457 §3. */
import { explainToken, parseChallenges } from '@client-credentials/protocol';
import { readBody } from './body.ts';
import { attemptOf, labelOf } from './call.ts';
import { decoderOf } from './content-encoding.ts';
import { ApiResponseError, printable, type ResponseFacts } from './errors.ts';
import { fieldOf, fieldsOf } from './headers.ts';
import { readRetryAfterMs } from './retry/retry-after.ts';
import type { Exchange } from './send.ts';

/** The error of an answer that is a refusal. Its body is read up to 64 KiB; what cannot be read is left out. */
export async function readRefusal(exchange: Exchange, nowMs: number): Promise<ApiResponseError> {
  const facts = { ...readFacts(exchange, nowMs), ...readRoles(exchange), ...(await readDetails(exchange)) };
  const details = [facts.apiCode, facts.apiMessage ?? readChallenge(exchange)].filter((detail) => detail !== undefined).join(': ');
  return createError(exchange, facts, `answered ${facts.status}${details && ` (${details})`}`);
}

/** The error of an answer whose status promised JSON and whose body is none. */
export function unreadableAnswer(exchange: Exchange, nowMs: number, problem: string): ApiResponseError {
  const facts = readFacts(exchange, nowMs);
  return createError(exchange, facts, `answered ${facts.status}, and the body ${clean(problem, exchange.token)}`);
}

function createError({ call, attempt }: Exchange, facts: ResponseFacts, whatHappened: string): ApiResponseError {
  const request = facts.requestId === undefined ? '' : `, request id ${facts.requestId}`;
  const until = facts.retryAtMs === undefined ? '' : `; try again at ${new Date(facts.retryAtMs).toISOString()}`;
  return new ApiResponseError(`${attemptOf(call, attempt)} ${whatHappened}${request}${until}${adviceFor(facts)}`, facts);
}

function readFacts({ call, response, token }: Exchange, nowMs: number): ResponseFacts {
  const requestId = fieldOf(response.headers, 'request-id') ?? fieldOf(response.headers, 'x-ms-request-id');
  const retryAfterMs = readRetryAfterMs(response.headers, nowMs);
  return {
    status: response.statusCode,
    method: call.method,
    path: call.target.url.pathname,
    ...(requestId === undefined ? {} : { requestId: clean(requestId, token) }),
    ...(retryAfterMs === undefined ? {} : { retryAtMs: nowMs + retryAfterMs }),
  };
}

/** What the token that was not enough stands for. */
function readRoles({ response, token }: Exchange): Pick<ResponseFacts, 'tokenRoles'> {
  if (response.statusCode !== 403 || token === undefined) return {};
  try {
    // An app-only token may come without any.
    return { tokenRoles: explainToken(token).roles ?? [] };
  } catch {
    // Not every API's tokens can be read.
    return {};
  }
}

/** What the challenge says, where the body says nothing. */
function readChallenge({ response, token }: Exchange): string | undefined {
  const challenges = parseChallenges(fieldsOf(response.headers, 'www-authenticate'));
  const said = challenges.map(({ parameters }) => parameters['error_description'] ?? parameters['error']).find(isTelling);
  return said === undefined ? undefined : clean(said, token);
}

async function readDetails({ call, response, token }: Exchange): Promise<Pick<ResponseFacts, 'apiCode' | 'apiMessage'>> {
  const decoder = decoderOf(fieldOf(response.headers, 'content-encoding'));
  const bytes = await readBody(response.body, { maxBytes: MAX_BYTES, label: labelOf(call) })
    .then((encoded) => decoder?.decode(encoded, MAX_BYTES))
    .catch(() => undefined);
  const body = parseObject(new TextDecoder().decode(bytes ?? new Uint8Array()));
  const odata = isObject(body['error']) ? body['error'] : {};
  const code = [odata['code'], body['type']].find(isTelling);
  const message = [odata['message'], body['detail'], body['title']].find(isTelling);
  return {
    ...(code === undefined ? {} : { apiCode: clean(code, token) }),
    ...(message === undefined ? {} : { apiMessage: clean(message, token) }),
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Graph sends an empty `code` now and then, and RFC 9457 §4.2.1 gives `about:blank` no meaning beyond the status. */
function isTelling(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value !== 'about:blank';
}

function adviceFor({ status, tokenRoles }: ResponseFacts): string {
  if (status === 401) return '. The API accepts no token of this provider: check that `scope` names this API';
  if (status !== 403) return '';
  const roles = tokenRoles === undefined ? '' : `, which are ${tokenRoles.map((role) => printable(role, 100)).join(' ') || 'none'}`;
  return `. The token was accepted but does not suffice: check the application roles it was granted${roles}`;
}

/** An API may quote the token it refuses. */
function clean(text: string, token: string | undefined): string {
  return printable(token === undefined ? text : text.replaceAll(token, '[token]'), MAX_CHARACTERS);
}

const MAX_BYTES = 64 * 1024;
const MAX_CHARACTERS = 1000;
