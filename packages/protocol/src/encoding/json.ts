/** What `JSON.stringify` and `JSON.parse` leave to their callers: a value that cannot be written, and a name that stands twice. RFC 8259. */

/** The value as JSON; `undefined` for what JSON cannot carry: a circle, a bigint, too deep a nesting. What a `toJSON` throws is kept back too. */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
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
  for (const [token, text, colon] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    // A name may be written with escapes, and is the same name.
    else if (depth === 1 && text !== undefined && colon !== undefined) names.push(JSON.parse(text));
  }
  return names;
}

/** A string with the colon behind it, if there is one; or a bracket outside of strings. */
const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")([ \t\r\n]*:)?|[[\]{}]/g;
