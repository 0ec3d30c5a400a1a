/** One call as its caller asks for it, and as it is sent: checked, complete, and without a token. */
import { Readable } from 'node:stream';
import { resolveTarget } from './egress.ts';
import { ApiCallerError, printable } from './errors.ts';
import { readHeaders } from './headers.ts';
import { readWhole, type Settings } from './settings.ts';

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
}

/** A call whose target was declared and whose headers are allowed. */
export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Called for every attempt. */
  readonly openBody: () => OpenBody;
  readonly signal: AbortSignal | undefined;
  readonly deadlineMs: number;
  readonly deadlineAtMs: number;
  /** Method and URL without the query, for messages. */
  readonly label: string;
}

/** A body for one attempt; `failure` is the error of the caller's own stream, once it has failed. */
interface OpenBody {
  readonly body: string | Uint8Array | Readable | null;
  readonly failure: () => { readonly error: unknown } | undefined;
}

/**
 * @param from  for a link found in an answer: the URL of that answer
 * @throws {ApiCallerError} `egress_refused`, `reserved_header` or `invalid_configuration`
 */
export function buildCall(settings: Settings, path: string, options: CallOptions = {}, from?: URL): Call {
  const method = readMethod(options.method ?? 'GET');
  const url = resolveTarget(settings.egress, path, from);
  if (options.query !== undefined) appendQuery(url, options.query);
  const deadlineMs = options.deadlineMs === undefined ? settings.deadlineMs : readWhole('deadlineMs', options.deadlineMs);
  return {
    method,
    url,
    headers: { ...settings.headers, ...(options.body instanceof URLSearchParams ? FORM : undefined), ...readHeaders(options.headers) },
    openBody: openerOf(options.body),
    signal: options.signal,
    deadlineMs,
    deadlineAtMs: settings.now() + deadlineMs,
    label: `${method} ${url.origin}${url.pathname}`,
  };
}

/** What an error says was attempted. */
export function labelOf(call: Call, attempt: number): string {
  return attempt > 1 ? `${call.label} (attempt ${attempt})` : call.label;
}

function readMethod(method: string): string {
  const name = method.toUpperCase();
  // RFC 9110 §9.3.8: TRACE echoes the request, token included; CONNECT opens a tunnel.
  if (!METHOD.test(name) || name === 'TRACE' || name === 'CONNECT') {
    throw new ApiCallerError('invalid_configuration', `\`method\` is "${printable(method)}", which is no method this package sends`);
  }
  return name;
}

/** RFC 3986 §3.4. A space is %20 and `$` stays: not every OData service reads `+` and `%24select`. */
function appendQuery(url: URL, query: Readonly<Record<string, string | number | boolean>>): void {
  const pairs = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  const text = new URLSearchParams(pairs).toString().replaceAll('+', '%20').replaceAll('%24', '$');
  url.search = [url.search.slice(1), text].filter((part) => part !== '').join('&');
}

function openerOf(body: Body | undefined): Call['openBody'] {
  if (typeof body === 'function') return () => openStream(body());
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array) && !(body instanceof URLSearchParams)) {
    throw new ApiCallerError('invalid_configuration', '`body` is neither text, bytes, URLSearchParams nor a function that opens a stream');
  }
  const open = { body: body instanceof URLSearchParams ? body.toString() : (body ?? null), failure: () => undefined };
  return () => open;
}

/** Notes a failure of the caller's stream: out of undici it comes like any other, and those may hold parts of the answer. */
function openStream(source: AsyncIterable<Uint8Array> | NodeJS.ReadableStream): OpenBody {
  let failure: { readonly error: unknown } | undefined;
  async function* noted(): AsyncGenerator<string | Uint8Array> {
    try {
      yield* source;
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  return { body: Readable.from(noted(), { objectMode: false }), failure: () => failure };
}

const METHOD = /^[A-Z0-9!#$%&'*+.^_`|~-]+$/;
const FORM = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
