/** Reads an answer that should be JSON, under a bound, and throws a typed error for every other. RFC 8259. */
import { readBody } from './body.ts';
import { type Call, labelOf } from './call.ts';
import { ApiCallerError } from './errors.ts';
import { fieldOf } from './headers.ts';
import { readRefusal, unreadableAnswer } from './response-error.ts';
import type { Exchange } from './send.ts';
import type { Settings } from './settings.ts';

/** The same call, asking for JSON unless its caller asked for some form of it already. */
export function acceptJson(call: Call): Call {
  return { ...call, headers: { accept: 'application/json', ...call.headers } };
}

/**
 * The value an answer holds; `undefined` for 204.
 *
 * @throws {ApiResponseError} `response_error` if the status is not 2xx, or if the body is no JSON
 * @throws {ApiCallerError} `redirect_refused`, `too_large`, `network` or `timeout`
 * @see RFC 8259 §8.1 https://www.rfc-editor.org/rfc/rfc8259#section-8.1
 */
export async function readJson(exchange: Exchange, settings: Settings): Promise<unknown> {
  const { call, response } = exchange;
  const { statusCode, headers, body } = response;
  if (statusCode === 204) {
    await body.dump();
    return undefined;
  }
  const location = fieldOf(headers, 'location');
  if (statusCode >= 300 && statusCode < 400 && statusCode !== 304 && location !== undefined) {
    await body.dump();
    throw redirectRefused(call, statusCode, location);
  }
  if (statusCode < 200 || statusCode > 299) throw await readRefusal(exchange, settings.now());
  const problem = contentProblem(fieldOf(headers, 'content-type'), fieldOf(headers, 'content-encoding'));
  if (problem !== undefined) {
    await body.dump();
    throw unreadableAnswer(exchange, settings.now(), problem);
  }
  const bytes = await readBody(body, { maxBytes: settings.maxResponseBytes, label: labelOf(call, exchange.attempt) });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's message quotes the body.
    throw unreadableAnswer(exchange, settings.now(), 'is not valid JSON');
  }
}

function contentProblem(type: string | undefined, encoding: string | undefined): string | undefined {
  if (!JSON_TYPE.test(type ?? '')) return `is ${type ?? 'of no declared type'}, expected application/json`;
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return `is encoded as ${encoding}, which was not asked for`;
  return undefined;
}

/** Only the origin is shown: the rest of a `Location` may be a signed URL. */
function redirectRefused(call: Call, status: number, location: string): ApiCallerError {
  const target = URL.canParse(location, call.url.href) ? new URL(location, call.url).origin : 'an invalid URL';
  return new ApiCallerError(
    'redirect_refused',
    `${call.label} was redirected (${status}) to ${target}; redirects are not followed, so call the right URL`,
  );
}

const JSON_TYPE = /^application\/([a-z0-9!#$&^_.-]+\+)?json\s*(;|$)/i;
