/** How much memory the cache takes, by entry and by keys that have gone through, and whether that is within its budgets. */
import { availableParallelism } from 'node:os';
import { measure } from './process.mjs';
import { verdict } from './verdict.mjs';

/** Beyond what a plain `Map` takes for the same key and value. */
const MOST_BYTES_PER_ENTRY = 300;
/** Half a reference, so nothing at all is left behind of a key that has gone through. Over a million keys that is less than 4 MiB. */
const MOST_GROWTH_PER_KEY_BYTES = 4;

const HEAP_PER_ENTRY = new URL('./heap-per-entry.mjs', import.meta.url);
const HEAP_GROWTH = new URL('./heap-growth.mjs', import.meta.url);
const ENTRY_KINDS = { untagged: 'without a tag', sharedTag: 'with a tag that 100 share', ownTag: 'with a tag of its own' };
const GROWTH_WAYS = {
  entries: 'at most 10,000 entries, each with a tag of its own',
  bytes: 'at most 2 MiB, each entry with a tag of its own',
  refusals: 'refused for good, each with a credential of its own',
};

/** Each in a process of its own, as many at once as there are processors, the longest first. */
export async function measureMemory() {
  const figures = {};
  const work = Object.entries({
    refusals: [HEAP_GROWTH, 'refusals'],
    entries: [HEAP_GROWTH, 'entries'],
    bytes: [HEAP_GROWTH, 'bytes'],
    perEntry: [HEAP_PER_ENTRY],
  }).values();
  // They share one iterator, so each takes what the others have not.
  const worker = async () => {
    for (const [name, program] of work) figures[name] = await measure(...program);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  const { perEntry, ...growth } = figures;
  return { perEntry, growth };
}

export function judgeMemory({ perEntry, growth }) {
  return [judgeEntries(perEntry), judgeGrowth(growth)];
}

function judgeEntries(perEntry) {
  const rows = Object.entries(ENTRY_KINDS).map(([kind, title]) => {
    const bytes = perEntry[kind] - perEntry.map;
    return { text: `${title.padEnd(52)}${Math.round(bytes).toString().padStart(6)} B`, isWithin: bytes <= MOST_BYTES_PER_ENTRY };
  });
  return verdict(`memory of an entry, beyond the ${Math.round(perEntry.map)} B in a plain Map: at most ${MOST_BYTES_PER_ENTRY} B`, rows);
}

function judgeGrowth(growth) {
  const rows = Object.entries(GROWTH_WAYS).map(([way, title]) => {
    const { firstBytes, lastBytes, keys, kept } = growth[way];
    const more = `after ${keys.toLocaleString('en')} more keys; ${kept.toLocaleString('en')} kept`;
    const text = `${title.padEnd(52)}${mebibytes(firstBytes)}, ${mebibytes(lastBytes)} ${more}`;
    return { text, isWithin: lastBytes - firstBytes <= keys * MOST_GROWTH_PER_KEY_BYTES };
  });
  return verdict(`memory in use: it may grow by ${MOST_GROWTH_PER_KEY_BYTES} B for each key`, rows);
}

function mebibytes(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
