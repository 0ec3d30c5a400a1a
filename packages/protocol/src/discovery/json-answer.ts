/** The two ends of an answer in JSON: what it holds on success, and which error it is otherwise. RFC 6749 §5.2, RFC 8414 §3.2. */
import { type HttpResponse, isJson, parseJsonObject } from '../http-response.ts';
import { type AnswerContext, readRefusal, unreadableAnswer } from '../token-response/refusal.ts';
import type { TokenResponseError } from '../token-response/token-response-error.ts';

/** The JSON object of an answer with status 200; `undefined` if it is none, or is not said to be one. */
export function successObject({ status, headers, body }: HttpResponse): Readonly<Record<string, unknown>> | undefined {
  return status === 200 && isJson(headers) ? parseJsonObject(body) : undefined;
}

/**
 * The error for an answer without what was asked for: the server's refusal, where the body holds one; else an `invalid_response`
 * that says why.
 *
 * @param context.from  who answered, for the message: "the revocation endpoint"
 * @param context.why  continues "The answer of … (HTTP 502) "
 * @see RFC 6749 §5.2 https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export function answerError(
  response: HttpResponse,
  context: AnswerContext & { readonly from: string; readonly why: string },
): TokenResponseError {
  if (response.status >= 300 && response.status < 400) {
    return unreadableAnswer(response, context, 'is a redirect, which is never followed; configure the final URL');
  }
  const body = parseJsonObject(response.body);
  return typeof body?.['error'] === 'string' && body['error'] !== ''
    ? readRefusal(response, body, context)
    : unreadableAnswer(response, context, context.why);
}
