/** One call as its caller asks for it, and as it is sent: checked, complete, and without a token. */
import type { Readable } from 'node:stream';
import { openerOf } from './call-body.ts';
import { resolvePreAuthenticated, resolveTarget } from './egress.ts';
import { ApiCallerError, printable } from './errors.ts';
import { layered, NO_HEADERS, readHeaders, requireCarried } from './headers.ts';
import { type OptionNames, requireKnownOptions } from './known-options.ts';
import { isIdempotent } from './retry/decision.ts';
import { readWhole, type Settings } from './settings.ts';
import type { Target } from './target.ts';

/** A request body. Every attempt sends it from the start, so a stream is given as a function that opens a new one. */
export type Body = string | Uint8Array | URLSearchParams | (() => AsyncIterable<Uint8Array> | NodeJS.ReadableStream);

/** Options of one call. */
export interface CallOptions {
  /** Default: GET. */
  readonly method?: string | undefined;
  /** Added to whatever query the path has. */
  readonly query?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Body | undefined;
  /** Ends the call; what was called then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. Default: the caller's `deadlineMs`. */
  readonly deadlineMs?: number | undefined;
  /** Whose token is sent, for token providers that serve many tenants. */
  readonly tenant?: string | undefined;
  /** Sent as `Idempotency-Key`. Says that the API acts once however often it gets this request, so that any method is repeated. */
  readonly idempotencyKey?: string | undefined;
  /**
   * `false`: for a URL that holds its own authorisation. It may be on any https origin; no token is sent, nor the caller's `headers`,
   * and a header of this call only if its name says that it holds no credentials. Default: true.
   */
  readonly authorize?: boolean | undefined;
}

/** A call whose target may be called and whose headers are allowed. */
export interface Call {
  readonly method: string;
  readonly target: Target;
  readonly headers: Readonly<Record<string, string>>;
  readonly hasBody: boolean;
  /** Called for every attempt. */
  readonly openBody: () => OpenBody;
  /** Whether `openBody` can be called more than once. */
  readonly isReplayable: boolean;
  /** Whether the API acts once however often it gets this request. RFC 9110 §9.2.2. */
  readonly isIdempotent: boolean;
  /** Whether a token goes with it. */
  readonly authorize: boolean;
  /** Which redirects are followed: none, to declared origins only, or to any, where an origin that was not declared gets no token. */
  readonly redirects: 'none' | 'declared' | 'anywhere';
  readonly tenant: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly deadlineMs: number;
  readonly deadlineAtMs: number;
}

/** A body for one attempt; `failure` is the error of the caller's own stream, once it has failed. */
export interface OpenBody {
  readonly body: string | Uint8Array | Readable | null;
  readonly failure: () => { readonly error: unknown } | undefined;
}

/** What a call is built from. */
export interface CallRequest {
  readonly path: string;
  /** For a link found in an answer: where that answer came from. */
  readonly from?: Target | undefined;
  readonly options?: CallOptions | undefined;
  /** The fields that say what will be read of the answer; the caller's own replace them. */
  readonly accept: Readonly<Record<string, string>>;
}

/** @throws {ApiCallerError} `egress_refused`, `reserved_header` or `invalid_configuration` */
export function buildCall(settings: Settings, { path, from, options = {}, accept }: CallRequest): Call {
  requireKnownOptions(options, { of: 'a call', names: NAMES });
  const { body, idempotencyKey, authorize = true } = options;
  const method = readMethod(options.method ?? 'GET');
  const target = authorize ? resolveTarget(settings.egress, path, from) : resolvePreAuthenticated(settings.egress, path, from);
  const deadlineMs = options.deadlineMs === undefined ? settings.deadlineMs : readWhole('deadlineMs', options.deadlineMs);
  const own = readHeaders(idempotencyKey === undefined ? options.headers : { ...options.headers, 'idempotency-key': idempotencyKey });
  if (!authorize) requireCarried(own);
  const form = body instanceof URLSearchParams ? FORM : NO_HEADERS;
  return {
    method,
    target: options.query === undefined ? target : target.withQuery(options.query),
    headers: layered([accept, authorize ? settings.headers : NO_HEADERS, form, own]),
    hasBody: body !== undefined,
    openBody: openerOf(body),
    isReplayable: true,
    isIdempotent: isIdempotent(method) || own['idempotency-key'] !== undefined,
    authorize,
    redirects: authorize ? 'declared' : 'anywhere',
    tenant: options.tenant,
    signal: options.signal,
    deadlineMs,
    deadlineAtMs: settings.now() + deadlineMs,
  };
}

/** How messages call it: method and URL, without the query, which may hold what nobody wants in a log. */
export function labelOf({ method, target }: Pick<Call, 'method' | 'target'>): string {
  return `${method} ${target.origin}${target.url.pathname}`;
}

/** What an error says was attempted. */
export function attemptOf(call: Call, attempt: number): string {
  return attempt > 1 ? `${labelOf(call)} (attempt ${attempt})` : labelOf(call);
}

function readMethod(method: string): string {
  const name = method.toUpperCase();
  // RFC 9110 §9.3.8: TRACE echoes the request, token included; CONNECT opens a tunnel.
  if (!METHOD.test(name) || name === 'TRACE' || name === 'CONNECT') {
    throw new ApiCallerError('invalid_configuration', `\`method\` is "${printable(method)}", which is no method this package sends`);
  }
  return name;
}

const NAMES: OptionNames<CallOptions> = {
  ...{ method: true, query: true, headers: true, body: true, signal: true, deadlineMs: true },
  ...{ tenant: true, idempotencyKey: true, authorize: true },
};
const METHOD = /^[A-Z0-9!#$%&'*+.^_`|~-]+$/;
const FORM = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
