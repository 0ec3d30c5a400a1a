/**
 * How much memory an entry takes beyond its key and its value, which are the same objects in all: in a plain `Map`, and in a cache
 * without tags, with a tag of its own, and with one that it shares with 99 others. Prints bytes as one line of JSON.
 *
 *     node --expose-gc test/bench/cache/heap-per-entry.mjs
 */
import { createTokenCache } from '@client-credentials/token-cache';
import { fill, scopes, tokenAt } from './entries.mjs';
import { bytesInUse } from './heap.mjs';

const ENTRIES = 30_000;
const ENTRIES_PER_SHARED_TAG = 100;

const keys = scopes(ENTRIES);
const values = keys.map((_, index) => tokenAt(index));
const ownTags = keys.map((_, index) => `tag-${index}`);

const HOLDERS = {
  map: async () => new Map(keys.map((key, index) => [key, values[index]])),
  untagged: () => filled(() => undefined),
  ownTag: () => filled((index) => [ownTags[index]]),
  sharedTag: () => filled((index) => [ownTags[index - (index % ENTRIES_PER_SHARED_TAG)]]),
};

// So that what is compiled and remembered for good is not counted.
for (const make of Object.values(HOLDERS)) await bytesPerEntry(make);

const results = {};
for (const [name, make] of Object.entries(HOLDERS)) results[name] = await bytesPerEntry(make);
console.log(JSON.stringify(results));

async function bytesPerEntry(make) {
  const before = await bytesInUse();
  const holder = await make();
  const after = await bytesInUse();
  if (holder.size !== ENTRIES) throw new Error(`${holder.size} of ${ENTRIES} entries are kept`);
  return (after - before) / ENTRIES;
}

async function filled(tagsAt) {
  const cache = createTokenCache({ maxEntries: ENTRIES, maxBytes: Number.MAX_SAFE_INTEGER });
  await fill(cache, { keys, values, tagsAt });
  return cache;
}
