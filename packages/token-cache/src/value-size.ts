/** How much memory a value takes, as far as can be seen from outside. */

/**
 * An estimate in bytes: what own properties hold, down to the last text, number and array of bytes; no getter is called. What a class
 * keeps private does not show, so a cache of such values is given a `sizeOf` of its own. Stops after a thousand objects.
 */
export function estimateBytes(value: unknown): number {
  const seen = new Set<unknown>();
  const open: unknown[] = [value];
  let bytes = 0;
  while (open.length > 0 && seen.size < MOST_OBJECTS) {
    const next = open.pop();
    bytes += WORD_BYTES;
    if (typeof next === 'string') bytes += next.length;
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (ArrayBuffer.isView(next) || next instanceof ArrayBuffer) bytes += next.byteLength;
    else if (Array.isArray(next)) {
      bytes += WORD_BYTES * next.length;
      open.push(...next.slice(0, MOST_OBJECTS));
    } else for (const property of Object.values(Object.getOwnPropertyDescriptors(next))) open.push(property.value);
  }
  return bytes;
}

const WORD_BYTES = 16;
const MOST_OBJECTS = 1_000;
