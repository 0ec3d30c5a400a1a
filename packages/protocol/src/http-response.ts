/** An HTTP answer as plain data, and the few questions its readers ask. RFC 9110 §5, §8.3; RFC 8259. */
import { memberNames } from './encoding/json.ts';

/** What came back, from whatever sent the request. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string | Uint8Array;
}

/** The value of a header, its lines joined by ", "; `undefined` when it is absent. Names compare without case (RFC 9110 §5.1). */
export function headerValue(headers: HttpResponse['headers'], name: string): string | undefined {
  if (isHeaders(headers)) return headers.get(name) ?? undefined;
  const lines = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof lines === 'string' ? lines : lines?.join(', ');
}

/** Whether the answer says that it is JSON: `application/json` or a `+json` type, parameters aside (RFC 9110 §8.3.1, RFC 6839 §3.1). */
export function isJson(headers: HttpResponse['headers']): boolean {
  const [type = ''] = (headerValue(headers, 'content-type') ?? '').split(';', 1);
  return /^application\/([a-z0-9.!#$&^_-]+\+)?json$/.test(type.trim().toLowerCase());
}

/**
 * The body's JSON object, or `undefined` when it is none, or not in UTF-8. One leading byte order mark is passed over (RFC 8259
 * §8.1). Of members with the same name the last one counts, as `JSON.parse` has it; `repeatedMember` finds them.
 */
export function parseJsonObject(body: string | Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(textOf(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    // A parser's message quotes what it read, which may be a token.
    return undefined;
  }
}

/** The JSON object of an answer with status 200; `undefined` if it is none, or is not said to be one. RFC 8414 §3.2. */
export function successObject({ status, headers, body }: HttpResponse): Readonly<Record<string, unknown>> | undefined {
  return status === 200 && isJson(headers) ? parseJsonObject(body) : undefined;
}

/**
 * Which of these names stands more than once in the body's JSON object: whoever looked at the answer on its way may have taken the
 * other one for what it says. RFC 8259 §4.
 *
 * @param body  one that `parseJsonObject` could read
 */
export function repeatedMember(body: string | Uint8Array, names: readonly string[]): string | undefined {
  const present = memberNames(textOf(body));
  return names.find((name) => present.indexOf(name) !== present.lastIndexOf(name));
}

/** @throws {TypeError} if the octets are no UTF-8 */
function textOf(body: string | Uint8Array): string {
  const text = typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** By its shape: the `Headers` of another `fetch` is another class. */
function isHeaders(headers: HttpResponse['headers']): headers is Headers {
  return typeof headers.get === 'function';
}
