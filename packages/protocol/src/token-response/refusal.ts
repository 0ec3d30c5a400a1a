/** Reads a token endpoint's refusal into an error. RFC 6749 §5.2, and what Entra adds to it. */
import type { TokenRequest } from '../client-authentication/authenticated-request.ts';
import { parseJsonObject } from '../encoding/json.ts';
import { explainError, explainFirst } from '../error-catalogue/explain-error.ts';
import { oneLine, quote } from '../errors.ts';
import { type HttpResponse, headerValue } from '../http-response.ts';
import { parseRetryAfter } from '../retry/retry-after.ts';
import { redact, secretsOf } from './redaction.ts';
import { TokenResponseError, type TokenResponseFacts } from './token-response-error.ts';

/** What an error says of the request, and what it needs to know of it. */
export interface AnswerContext {
  readonly clientId?: string | undefined;
  /** The clock when the answer came, epoch milliseconds: `Retry-After` counts from there. */
  readonly receivedAtMs: number;
  readonly attempts?: number | undefined;
  /** What was sent, so that no error repeats its secrets. */
  readonly request?: Pick<TokenRequest, 'headers' | 'body'> | undefined;
}

/** An answer whose body may not have come, or not whole. */
export type AnswerHead = Pick<HttpResponse, 'status' | 'headers'>;

/**
 * The error for an answer without what was asked for: the server's refusal, where the body holds one; else an `invalid_response`
 * that says why.
 *
 * @param context.body  the answer's JSON object, where its reader has put it into other words
 * @param context.from  who answered, for the message: "the revocation endpoint"
 * @param context.why  continues "The answer of … (HTTP 502) "
 * @see RFC 6749 §5.2 https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export function answerError(
  response: HttpResponse,
  context: AnswerContext & { readonly from: string; readonly why: string; readonly body?: Readonly<Record<string, unknown>> | undefined },
): TokenResponseError {
  if (response.status >= 300 && response.status < 400) {
    return unreadableAnswer(response, context, 'is a redirect, which is never followed; configure the final URL');
  }
  const { body = parseJsonObject(response.body) } = context;
  return hasError(body) ? readRefusal(response, body, context) : unreadableAnswer(response, context, context.why);
}

/** Whether this is a refusal of RFC 6749 §5.2. Some servers answer one with status 200. */
export function hasError(body: Readonly<Record<string, unknown>> | undefined): body is Readonly<Record<string, unknown>> {
  return typeof body?.['error'] === 'string' && body['error'] !== '';
}

/**
 * The error that this body describes.
 *
 * @param body  the answer's JSON object; its `error` is a non-empty string
 * @see RFC 6749 §5.2 https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 * @see RFC 7521 §4.2.1 https://www.rfc-editor.org/rfc/rfc7521#section-4.2.1
 * @see Microsoft Entra authentication and authorization error codes https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
function readRefusal(
  response: AnswerHead,
  body: Readonly<Record<string, unknown>>,
  context: AnswerContext & { readonly from: string },
): TokenResponseError {
  const { from } = context;
  const text = textReader(context);
  const sent = String(body['error']);
  // A name from a specification is no secret, even where a secret is part of it; callers branch on it.
  const error = explainError(sent) === undefined ? String(text(sent)) : sent;
  const description = text(body['error_description']);
  const claims = text(body['claims'], LONGEST_CLAIMS);
  const errorCodes = readErrorCodes(body['error_codes']);
  const explanation = explainFirst([...errorCodes, error]);
  const who = context.clientId === undefined ? '' : ` for client ${quote(context.clientId)}`;
  const message = `${from.replace(/^t/, 'T')} refused the request${who}: ${quote(error)} (HTTP ${response.status}${attemptsText(context)})`;
  return new TokenResponseError('oauth_error', description === undefined ? message : `${message}: ${oneLine(description)}`, {
    ...readFacts(response, body, context),
    error,
    ...present('description', description),
    ...present('errorUri', text(body['error_uri'])),
    errorCodes,
    ...present('suberror', text(body['suberror'])),
    // It is sent back as it is, so it is whole or absent.
    ...present('claims', claims === body['claims'] ? claims : undefined),
    ...(explanation !== undefined && { explanation }),
  });
}

/**
 * The error for an answer that is none of a token or metadata endpoint. Nothing of its body is repeated: it may hold what must
 * not be printed.
 *
 * @param why  continues "The answer of … (HTTP 502) "
 */
export function unreadableAnswer(
  response: AnswerHead,
  context: AnswerContext & { readonly from: string },
  why: string,
): TokenResponseError {
  const message = `The answer of ${context.from} (HTTP ${response.status}${attemptsText(context)}) ${textReader(context)(why)}`;
  return new TokenResponseError('invalid_response', message, readFacts(response, {}, context));
}

function readFacts(response: AnswerHead, body: Readonly<Record<string, unknown>>, context: AnswerContext): TokenResponseFacts {
  const text = textReader(context);
  const header = (name: string): string | undefined => text(headerValue(response.headers, name));
  const retryAfter = header('retry-after');
  const retryAfterMs =
    retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, { nowMs: context.receivedAtMs, date: header('date') });
  return {
    status: response.status,
    ...present('requestId', header('x-ms-request-id') ?? text(body['trace_id'])),
    ...present('correlationId', text(body['correlation_id']) ?? header('client-request-id')),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(context.attempts !== undefined && { attempts: context.attempts }),
  };
}

function attemptsText({ attempts = 1 }: AnswerContext): string {
  return attempts > 1 ? `, after ${attempts} attempts` : '';
}

/** Entra sends numbers; MSAL's own type says text. */
function readErrorCodes(codes: unknown): readonly number[] {
  if (!Array.isArray(codes)) return [];
  const known = codes
    .slice(0, MOST_ERROR_CODES)
    .filter((code) => Number.isSafeInteger(code) || (typeof code === 'string' && /^\d{1,10}$/.test(code)));
  return known.map(Number);
}

/** Reads a member as a text of limited length, in which no secret of the request stands. */
function textReader({ request }: AnswerContext): (value: unknown, longest?: number) => string | undefined {
  const secrets = request === undefined ? [] : secretsOf(request);
  return (value, longest = LONGEST_TEXT) => (typeof value === 'string' ? redact(value, { secrets, longest }) : undefined);
}

function present<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: string });
}

const LONGEST_TEXT = 8192;
const LONGEST_CLAIMS = 16_384;
const MOST_ERROR_CODES = 20;
