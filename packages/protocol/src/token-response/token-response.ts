/** Reads the answer to a token request: a token, or a typed error. RFC 6749 §5.1 and §5.2. */
import { type AuthorizationServer, isEntra } from '../authorization-server.ts';
import type { TokenRequest } from '../client-authentication/authenticated-request.ts';
import { parseJsonObject, repeatedMember } from '../encoding/json.ts';
import { ProtocolError, quote } from '../errors.ts';
import { type HttpResponse, headerValue, isJson } from '../http-response.ts';
import type { TokenBinding } from '../token-binding.ts';
import type { TokenParameters } from '../token-request/parameters.ts';
import { parseScope } from '../token-request/scope.ts';
import { type RequestedTokenType, requireTokenType } from '../token-request/token-type.ts';
import { type AccessToken, createAccessToken, type TokenType } from './access-token.ts';
import { parseLifetimeSeconds, UNSTATED_LIFETIME_SECONDS } from './lifetime.ts';
import { requireSentRequest } from './redaction.ts';
import { answerError, hasError, unreadableAnswer } from './refusal.ts';
import type { TokenResponseError } from './token-response-error.ts';

/** What the request was, as far as its answer is read in its light. */
export interface TokenResponseContext extends TokenParameters {
  server: Pick<AuthorizationServer, 'profile'>;
  clientId?: string | undefined;
  /** The caller's clock just before the request was sent, epoch milliseconds: the token's lifetime counts from there. */
  requestedAtMs: number;
  /** The clock when the answer came; `Retry-After` counts from there. Default: `requestedAtMs`. */
  receivedAtMs?: number | undefined;
  /** What was sent, so that no error repeats a secret of it that the server repeated. */
  request?: Pick<TokenRequest, 'headers' | 'body'> | undefined;
  /** How many requests for this token were sent, this one included; errors name it. */
  attempts?: number | undefined;
  /** The key the request was bound to; the token carries it on. */
  binding?: TokenBinding | undefined;
  /** Takes a Bearer token too where another type was asked for: a protection less. Default: false (RFC 9449 §5). */
  allowBearer?: boolean | undefined;
}

/**
 * The token in this answer. A refresh token in it is passed over: this grant has no use for one (RFC 6749 §4.4.3).
 *
 * @throws {TokenResponseError} `oauth_error` when the server refused; `invalid_response` when the answer is a redirect, not
 *   JSON, lacks a token, or holds one of a type that was not asked for
 * @throws {ProtocolError} `invalid_parameter` if the context is none that a request could have had; `invalid_scope` if its scope is none
 * @see RFC 6749 §5.1 https://www.rfc-editor.org/rfc/rfc6749#section-5.1
 */
export function readTokenResponse(response: HttpResponse, context: TokenResponseContext): AccessToken {
  return readTokenBody(response, { ...context, from: 'the token endpoint', body: parseJsonObject(response.body) });
}

/**
 * The token in an answer whose body was read already, and perhaps put into RFC 6749's words.
 *
 * @param context.body  its JSON object, if it is one
 * @param context.from  who answered, for messages
 * @throws {TokenResponseError} as `readTokenResponse` does
 */
export function readTokenBody(
  response: HttpResponse,
  context: TokenResponseContext & { readonly from: string; readonly body: JsonObject | undefined },
): AccessToken {
  const { status, headers } = response;
  const { body, requestedAtMs, receivedAtMs = requestedAtMs } = context;
  requireContext(context);
  const refuse = (why: string): TokenResponseError => unreadableAnswer(response, { ...context, receivedAtMs }, why);
  const repeated = body === undefined ? undefined : repeatedMember(response.body, DECISIVE);
  if (repeated !== undefined) throw refuse(`has ${repeated} more than once, and it is not clear which of them counts`);
  if (status !== 200 || hasError(body)) {
    const why = `is no token and has no readable "error" (${response.body.length} bytes); ask whoever runs this server, or the proxy before it`;
    throw answerError(response, { ...context, receivedAtMs, why });
  }
  if (!isJson(headers)) throw refuse(`is ${quote(headerValue(headers, 'content-type') ?? 'without a type')}, not application/json`);
  if (body === undefined) throw refuse('is not a JSON object');

  const { access_token: value, token_type: type, refresh_token: refreshToken } = body;
  if (typeof value !== 'string' || value === '') throw refuse('has no access_token');
  // RFC 6749 Appendix A.12 allows a space too; no header could carry it (RFC 6750 §2.1).
  if (!VISIBLE_ASCII.test(value)) throw refuse('has an access_token with characters that a header cannot carry');
  if (typeof type !== 'string') throw refuse('has no token_type');
  const wanted = context.tokenType === undefined ? 'Bearer' : BOUND_TYPE[context.tokenType];
  const tokenType = matchType(type, context.allowBearer === true ? [wanted, 'Bearer'] : [wanted]);
  // RFC 6749 §7.1: a type that is not understood must not be used; RFC 9449 §5: a lesser one is discarded.
  if (tokenType === undefined) throw refuse(`has ${shown('token_type', type)}, and ${wanted} was asked for`);
  const lifetimeSeconds = parseLifetimeSeconds(body['expires_in']);
  if (Number.isNaN(lifetimeSeconds)) throw refuse(`has ${shown('expires_in', body['expires_in'])}, which is no number of seconds`);

  return createAccessToken(value, {
    tokenType,
    ...readTimes(lifetimeSeconds, body, requestedAtMs),
    ...readGrant(body['scope'], context),
    ...(typeof refreshToken === 'string' && refreshToken !== '' && { refreshTokenPresent: true }),
    // A token of a lesser type than was asked for is bound to nothing.
    ...(context.binding !== undefined && tokenType === wanted && { binding: context.binding }),
  });
}

/** Whatever the answer is: what is wrong here must not come out first with a refusal, or with a certain member of a token. */
function requireContext({ server, scope, tokenType, request, requestedAtMs, receivedAtMs }: TokenResponseContext): void {
  parseScope(scope);
  requireTokenType(tokenType, server);
  if (request !== undefined) requireSentRequest(request);
  requireTime('requestedAtMs', requestedAtMs);
  if (receivedAtMs !== undefined) requireTime('receivedAtMs', receivedAtMs);
}

/** A token that expires at NaN would never be found expired, and no expiry may lie after the last date there is. */
function requireTime(name: string, timeMs: number): void {
  if (Number.isFinite(timeMs) && Math.abs(timeMs) <= LATEST_MS) return;
  throw new ProtocolError('invalid_parameter', `${name} is ${quote(timeMs)}; give the time in epoch milliseconds`);
}

type JsonObject = Readonly<Record<string, unknown>>;

/** RFC 6749 §5.1: the type is compared without case. */
function matchType(type: string, known: readonly TokenType[]): TokenType | undefined {
  return known.find((candidate) => candidate.toLowerCase() === type.toLowerCase());
}

/** Counted from before the request was sent, so that the time on the way makes the token shorter, never longer. */
function readTimes(
  lifetimeSeconds: number | undefined,
  body: JsonObject,
  requestedAtMs: number,
): Pick<AccessToken, 'expiresAtMs' | 'refreshAtMs' | 'extendedExpiresAtMs' | 'receivedAtMs'> {
  const after = (seconds = Number.NaN): number => requestedAtMs + seconds * 1000;
  const expiresAtMs = after(lifetimeSeconds ?? UNSTATED_LIFETIME_SECONDS);
  const refreshAtMs = after(parseLifetimeSeconds(body['refresh_in']));
  const extendedExpiresAtMs = after(parseLifetimeSeconds(body['ext_expires_in']));
  return {
    expiresAtMs,
    // Advice that is unreadable, or comes after the expiry, is none; and so is an extension that extends nothing.
    ...(refreshAtMs < expiresAtMs && { refreshAtMs }),
    ...(extendedExpiresAtMs > expiresAtMs && { extendedExpiresAtMs }),
    receivedAtMs: requestedAtMs,
  };
}

/** RFC 6749 §5.1: a server that grants something else says so; one that is silent granted what was asked for. */
function readGrant(scope: unknown, context: TokenResponseContext): Pick<AccessToken, 'scopes' | 'narrowed'> {
  const requested = parseScope(context.scope);
  if (typeof scope !== 'string') return { scopes: Object.freeze(requested), narrowed: false };
  const scopes = scope.split(' ').filter((token) => token !== '');
  // Entra: `/.default` stands for whatever was granted beforehand; an answer that spells it out is no narrowing.
  const narrowed = !isEntra(context.server) && requested.some((token) => !scopes.includes(token));
  return { scopes: Object.freeze(scopes), narrowed };
}

/** A member with its value where that is plainly no secret: a number, or a word or number of a few characters. */
function shown(name: string, value: unknown): string {
  const isPlain = typeof value === 'number' || (typeof value === 'string' && /^[A-Za-z_]{0,12}$|^[-+.\deE]{1,20}$/.test(value));
  return isPlain ? `the ${name} ${quote(value)}` : `an unexpected ${name}`;
}

const BOUND_TYPE: Readonly<Record<RequestedTokenType, TokenType>> = { dpop: 'DPoP', mtls_pop: 'mtls_pop' };
/** Members that decide what an answer is. */
const DECISIVE: readonly string[] = ['access_token', 'token_type', 'error'];
/** The year 9999, the last that ISO 8601 writes with four digits. */
const LATEST_MS = Date.UTC(9999, 11, 31);
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
