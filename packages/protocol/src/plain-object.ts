/** What a caller gives as members or fields: a plain object, and nothing that would be walked as if it were empty. */

/** Whether this is `{ … }` or has no prototype: not a list, a `Map`, a `URLSearchParams`, or an instance of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
