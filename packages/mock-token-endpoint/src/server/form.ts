/** Reads an `application/x-www-form-urlencoded` body. RFC 6749 §3.2, Appendix B. */
import type { MockRequest } from './http.ts';

export interface Form {
  /** Fields as received, the first of each name. */
  readonly fields: Readonly<Record<string, string>>;
  /** A name that came more than once. */
  readonly repeated: string | undefined;
  /** A field's value; an empty one counts as absent. RFC 6749 §3.2. */
  get(name: string): string | undefined;
  /** Every value of a field as received, in order. */
  all(name: string): readonly string[];
}

/** The form in `request`, or `undefined` when its content type says that there is none. */
export function readForm({ headers, body }: MockRequest): Form | undefined {
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/x-www-form-urlencoded') return undefined;
  const values = new Map<string, string[]>();
  let repeated: string | undefined;
  // It drops one question mark at the beginning, which in a form is the first character of a name.
  for (const [name, value] of new URLSearchParams(`?${body}`)) {
    const earlier = values.get(name);
    if (earlier) {
      repeated ??= name;
      earlier.push(value);
    } else values.set(name, [value]);
  }
  return {
    fields: Object.fromEntries([...values].map(([name, [value = '']]) => [name, value])),
    repeated,
    get: (name) => values.get(name)?.[0] || undefined,
    all: (name) => values.get(name) ?? [],
  };
}
