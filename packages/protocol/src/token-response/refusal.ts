/** Reads a token endpoint's refusal into an error. RFC 6749 §5.2, and what Entra adds to it. */
import { quote } from '../errors.ts';
import { type HttpResponse, headerValue } from '../http-response.ts';
import { parseRetryAfter } from '../retry/retry-after.ts';
import { TokenResponseError, type TokenResponseFacts } from './token-response-error.ts';

/** What the message and a relative `Retry-After` need to know of the request. */
interface RefusalContext {
  readonly clientId?: string | undefined;
  readonly requestedAtMs: number;
  readonly attempts?: number | undefined;
}

/**
 * The error that this body describes.
 *
 * @param body  the answer's JSON object; its `error` is a non-empty string
 * @see RFC 6749 §5.2 https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 * @see Microsoft Entra authentication and authorization error codes https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function readRefusal(response: HttpResponse, body: Readonly<Record<string, unknown>>, context: RefusalContext): TokenResponseError {
  const error = text(body['error']) ?? '';
  const description = text(body['error_description']);
  const who = context.clientId === undefined ? '' : ` for client ${quote(context.clientId)}`;
  const message = `The token endpoint refused the request${who}: ${quote(error)} (HTTP ${response.status}${attemptsText(context)})`;
  return new TokenResponseError('oauth_error', description === undefined ? message : `${message}: ${oneLine(description)}`, {
    ...answerFacts(response, body, context),
    error,
    ...present('description', description),
    errorCodes: readErrorCodes(body['error_codes']),
    ...present('suberror', text(body['suberror'])),
    ...present('claims', text(body['claims'])),
  });
}

/** The error for an answer that is not one of a token endpoint. None of its body is quoted: it may hold what must not be printed. */
export function unreadable(response: HttpResponse, context: RefusalContext, why: string): TokenResponseError {
  const { status, body } = response;
  const message = `The token endpoint's answer (HTTP ${status}, ${body.length === 0 ? 'empty' : `${body.length} bytes`}${attemptsText(context)}) ${why}`;
  return new TokenResponseError('invalid_response', message, answerFacts(response, {}, context));
}

function answerFacts(response: HttpResponse, body: Readonly<Record<string, unknown>>, context: RefusalContext): TokenResponseFacts {
  const header = (name: string): string | undefined => text(headerValue(response.headers, name));
  const retryAfter = header('retry-after');
  const retryAfterMs =
    retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, { nowMs: context.requestedAtMs, date: header('date') });
  return {
    status: response.status,
    ...present('requestId', header('x-ms-request-id') ?? text(body['trace_id'])),
    ...present('correlationId', text(body['correlation_id']) ?? header('client-request-id')),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(context.attempts !== undefined && { attempts: context.attempts }),
  };
}

function attemptsText({ attempts = 1 }: RefusalContext): string {
  return attempts > 1 ? `, after ${attempts} attempts` : '';
}

/** Entra sends numbers; MSAL's own type says text. */
function readErrorCodes(codes: unknown): readonly number[] {
  return Array.isArray(codes) ? codes.slice(0, MOST_ERROR_CODES).map(Number).filter(Number.isSafeInteger) : [];
}

/** A string without what looks like a JWT, in case the server repeats an assertion or a token; cut to 8192 characters. */
function text(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.slice(0, LONGEST_TEXT).replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[redacted]');
}

// Entra: its descriptions hold line breaks, which RFC 6749 §5.2 does not allow; a log must not be split by them.
function oneLine(description: string): string {
  return description.replace(/\p{Cc}+/gu, ' ').trim();
}

function present<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: string });
}

const LONGEST_TEXT = 8192;
const MOST_ERROR_CODES = 20;
