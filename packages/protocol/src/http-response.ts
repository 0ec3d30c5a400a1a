/** An HTTP answer as plain data, and the few questions its readers ask. RFC 9110 §5, §8.3; RFC 8259. */

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
 * The body's JSON object, or `undefined` when it is none. A leading byte order mark is passed over (RFC 8259 §8.1). Of members
 * with the same name the last one counts, as `JSON.parse` has it.
 */
export function parseJsonObject(body: string | Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const text = typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    // A parser's message quotes what it read, which may be a token.
    return undefined;
  }
}

/** By its shape: the `Headers` of another `fetch` is another class. */
function isHeaders(headers: HttpResponse['headers']): headers is Headers {
  return typeof headers.get === 'function';
}
