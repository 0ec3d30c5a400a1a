/** What `JSON.stringify` and `JSON.parse` leave to their callers: what cannot be written or read, and a name that stands twice. RFC 8259. */

/** The value as JSON; `undefined` for what JSON cannot carry: a circle, a bigint, too deep a nesting. What a `toJSON` throws is kept back too. */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
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

/**
 * The names of an object's members in their order, those that stand more than once as often as they do. Members of members
 * are not looked at.
 *
 * @param json  the text of an object, which `JSON.parse` took
 * @see RFC 8259 §4 https://www.rfc-editor.org/rfc/rfc8259#section-4
 */
export function memberNames(json: string): readonly string[] {
  const names: string[] = [];
  let depth = 0;
  let text = '';
  for (let at = 0; at < json.length; at += 1) {
    const mark = json[at];
    if (mark === '{' || mark === '[') depth += 1;
    else if (mark === '}' || mark === ']') depth -= 1;
    else if (mark === '"') {
      const end = endOfString(json, at);
      text = json.slice(at, end);
      at = end - 1;
    }
    // The string before a colon is a name. It may be written with escapes, and is the same name.
    else if (mark === ':' && depth === 1) names.push(JSON.parse(text));
  }
  return names;
}

/** Where the string that opens here is over. By hand: a regular expression keeps a stack, which megabytes of escapes overflow. */
function endOfString(json: string, opening: number): number {
  let closing = json.indexOf('"', opening + 1);
  while (closing !== -1 && isEscaped(json, closing)) closing = json.indexOf('"', closing + 1);
  return closing === -1 ? json.length : closing + 1;
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(json: string, at: number): boolean {
  let first = at;
  while (json[first - 1] === '\\') first -= 1;
  return (at - first) % 2 === 1;
}
