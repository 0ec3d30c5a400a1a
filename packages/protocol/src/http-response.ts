/** An HTTP answer as plain data, and the few questions its readers ask. RFC 9110 §5, §8.3; RFC 8259. */
import { parseJsonObject, repeatedMember } from './encoding/json.ts';

/** What came back, from whatever sent the request. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string | Uint8Array;
}

/** The value of a header, its lines joined by ", "; `undefined` when it is absent or no text. Names compare without case (RFC 9110 §5.1). */
export function headerValue(headers: HttpResponse['headers'], name: string): string | undefined {
  if (isHeaders(headers)) return headers.get(name) ?? undefined;
  const key = Object.hasOwn(headers, name) ? name : Object.keys(headers).find((candidate) => candidate.toLowerCase() === name);
  const lines = key === undefined ? undefined : headers[key];
  if (typeof lines === 'string') return lines;
  return Array.isArray(lines) ? lines.join(', ') : undefined;
}

/** Whether the answer says that it is JSON: `application/json` or a `+json` type, parameters aside (RFC 9110 §8.3.1, RFC 6839 §3.1). */
export function isJson(headers: HttpResponse['headers']): boolean {
  const [type = ''] = (headerValue(headers, 'content-type') ?? '').split(';', 1);
  return /^application\/([a-z0-9.!#$&^_-]+\+)?json$/.test(type.trim().toLowerCase());
}

/**
 * The JSON object of an answer with status 200; `undefined` if it is none, is not said to be one, or names a decisive member twice,
 * since it is not clear then which of them counts. RFC 8414 §3.2, RFC 8259 §4.
 *
 * @param decisive  names of members by which the answer is judged
 */
export function successObject(
  { status, headers, body }: HttpResponse,
  decisive: readonly string[] = [],
): Readonly<Record<string, unknown>> | undefined {
  const object = status === 200 && isJson(headers) ? parseJsonObject(body) : undefined;
  return object === undefined || repeatedMember(body, decisive) !== undefined ? undefined : object;
}

/** By its shape: the `Headers` of another `fetch` is another class. */
function isHeaders(headers: HttpResponse['headers']): headers is Headers {
  return typeof headers.get === 'function';
}
