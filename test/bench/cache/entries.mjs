/** What the benchmarks keep: tokens of many scopes, the same objects for every candidate. */

/** As many keys, each a string of its own as it comes from a parsed text, not a chain of the parts it was made of. */
export function scopes(count) {
  return Array.from({ length: count }, (_, index) => scopeAt(index));
}

export function scopeAt(index) {
  return Buffer.from(`https://api-${index}.example/.default`).toString('latin1');
}

/** Fresh for as long as a benchmark lasts. */
export function tokenAt(index) {
  const receivedAtMs = Date.now();
  return Object.freeze({ value: `token-${index}`, tokenType: 'Bearer', receivedAtMs, expiresAtMs: receivedAtMs + DAY_MS });
}

/** Puts `values[i]` under `keys[i]`, the way any caller does. */
export async function fill(cache, { keys, values, tagsAt = () => undefined }) {
  for (const [index, key] of keys.entries()) await cache.get(key, { acquire: async () => values[index], tags: tagsAt(index) });
}

/** In an order that has nothing to do with that in memory, and is the same in every run: Fisher and Yates over a small generator. */
export function shuffled(items) {
  const result = [...items];
  let state = 1;
  for (let last = result.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}

const DAY_MS = 86_400_000;
