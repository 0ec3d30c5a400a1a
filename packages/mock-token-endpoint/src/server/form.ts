/** Reads an `application/x-www-form-urlencoded` body. RFC 6749 §3.2, Appendix B. */
import type { MockRequest } from './http.ts';

export interface Form {
  /** Fields as received, the first of each name. */
  readonly fields: Readonly<Record<string, string>>;
  /** A name that came more than once. */
  readonly repeated: string | undefined;
  /** A field's value; an empty one counts as absent. RFC 6749 §3.2. */
  get(name: string): string | undefined;
}

/** The form in `request`, or `undefined` when its content type says that there is none. */
export function readForm({ headers, body }: MockRequest): Form | undefined {
  const mediaType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/x-www-form-urlencoded') return undefined;
  const fields = new Map<string, string>();
  let repeated: string | undefined;
  for (const [name, value] of new URLSearchParams(body)) {
    if (fields.has(name)) repeated ??= name;
    else fields.set(name, value);
  }
  return { fields: Object.fromEntries(fields), repeated, get: (name) => fields.get(name) || undefined };
}
