/** Reads an answer that should be JSON, under a bound, and throws a typed error for every other. RFC 8259. */
import { readBody, tooLarge } from './body.ts';
import { attemptOf, type Call, type CallOptions, labelOf } from './call.ts';
import { DECODABLE, type Decoder, decoderOf } from './content-encoding.ts';
import { ApiCallerError } from './errors.ts';
import { fieldOf } from './headers.ts';
import { readRefusal, unreadableAnswer } from './response-error.ts';
import type { Exchange } from './send.ts';
import type { Settings } from './settings.ts';

/** What a call is sent with whose answer is read here. */
export const ACCEPT_JSON: Readonly<Record<string, string>> = { accept: 'application/json', 'accept-encoding': DECODABLE };

/**
 * The same options with this value as the body.
 *
 * @throws {ApiCallerError} `invalid_configuration` for what has no JSON form
 */
export function withJson(options: CallOptions | undefined, method: string, value: unknown): CallOptions {
  if (options?.body !== undefined)
    throw new ApiCallerError('invalid_configuration', '`body` is the value that is given; leave the option out');
  const typed = Object.keys(options?.headers ?? {}).some((name) => name.toLowerCase() === 'content-type');
  return {
    ...options,
    method,
    headers: { ...(typed ? undefined : { 'content-type': 'application/json' }), ...options?.headers },
    body: toJson(value),
  };
}

/**
 * The value an answer holds; `undefined` for one without a body.
 *
 * @throws {ApiResponseError} `response_error` if the status is not 2xx, or if the body is no JSON
 * @throws {ApiCallerError} `redirect_refused`, `too_large`, `network` or `timeout`
 * @see RFC 8259 §8.1 https://www.rfc-editor.org/rfc/rfc8259#section-8.1
 */
export async function readJson(exchange: Exchange, settings: Settings): Promise<unknown> {
  const { headers, body } = await requireSuccess(exchange, settings);
  if (isEmpty(exchange)) {
    await body.dump();
    return undefined;
  }
  const type = fieldOf(headers, 'content-type');
  const decoder = decoderOf(fieldOf(headers, 'content-encoding'));
  if (decoder === undefined || (type !== undefined && !JSON_TYPE.test(type))) {
    await body.dump();
    throw unreadableAnswer(exchange, settings.now(), contentProblem(headers));
  }
  const bytes = await readDecoded(exchange, settings, decoder);
  if (type === undefined) {
    if (bytes.byteLength === 0) return undefined;
    throw unreadableAnswer(exchange, settings.now(), contentProblem(headers));
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's message quotes the body.
    throw unreadableAnswer(exchange, settings.now(), 'is not valid JSON');
  }
}

/** Nothing, from an answer of which only the success matters. Throws as `readJson` does. */
export async function readNothing(exchange: Exchange, settings: Settings): Promise<void> {
  const { body } = await requireSuccess(exchange, settings);
  await body.dump();
}

/**
 * The answer, if its status is 2xx.
 *
 * @throws {ApiResponseError} `response_error`
 * @throws {ApiCallerError} `redirect_refused`
 */
export async function requireSuccess(exchange: Exchange, settings: Settings): Promise<Exchange['response']> {
  const { call, response } = exchange;
  const { statusCode, headers, body } = response;
  if (statusCode >= 200 && statusCode < 300) return response;
  const location = fieldOf(headers, 'location');
  if (statusCode >= 300 && statusCode < 400 && statusCode !== 304 && location !== undefined) {
    await body.dump();
    throw redirectRefused(call, statusCode, location);
  }
  throw await readRefusal(exchange, settings.now());
}

function toJson(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text !== undefined) return text;
  throw new ApiCallerError('invalid_configuration', `The value to send is of type ${typeof value}, which has no JSON form`);
}

/** 204 and 205 have no body; some APIs send 200 or 202 without one. */
function isEmpty({ response: { statusCode, headers } }: Exchange): boolean {
  return statusCode === 204 || statusCode === 205 || headers['content-length'] === '0';
}

async function readDecoded(exchange: Exchange, settings: Settings, decoder: Decoder): Promise<Uint8Array> {
  const { maxResponseBytes: maxBytes, now } = settings;
  const label = attemptOf(exchange.call, exchange.attempt);
  const bytes = await readBody(exchange.response.body, { maxBytes, label });
  try {
    return await decoder.decode(bytes, maxBytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(label, maxBytes);
    throw unreadableAnswer(exchange, now(), 'is not encoded as its Content-Encoding says');
  }
}

function contentProblem(headers: Exchange['response']['headers']): string {
  const type = fieldOf(headers, 'content-type');
  if (!JSON_TYPE.test(type ?? '')) return `is ${type ?? 'of no declared type'}, expected application/json`;
  return `is encoded as ${fieldOf(headers, 'content-encoding')}, which was not asked for`;
}

/** Only the origin is shown: the rest of a `Location` may be a signed URL. */
function redirectRefused(call: Call, status: number, location: string): ApiCallerError {
  const target = URL.canParse(location, call.target.url.href) ? new URL(location, call.target.url).origin : 'an invalid URL';
  return new ApiCallerError(
    'redirect_refused',
    `${labelOf(call)} was redirected (${status}) to ${target}, where this call does not go; call the right URL, or declare its origin in \`origins\``,
  );
}

const JSON_TYPE = /^application\/([a-z0-9!#$&^_.-]+\+)?json\s*(;|$)/i;
