/**
 * How much memory is in use when many distinct keys have gone through a bounded cache, at an early look and at a late one, in the way
 * that the argument names. Prints bytes, the keys between the two looks, and how many values are kept, as one line of JSON.
 *
 *     node --expose-gc test/bench/cache/heap-growth.mjs entries
 */
import { createTokenCache } from '@client-credentials/token-cache';
import { scopeAt, tokenAt } from './entries.mjs';
import { bytesInUse } from './heap.mjs';

const FIRST_LOOK = 100_000;

const WAYS = {
  entries: { options: { maxEntries: 10_000 }, call: keepTagged, lastLook: 1_000_000 },
  bytes: { options: { maxEntries: 1_000_000, maxBytes: 2 * 1024 * 1024 }, call: keepTagged, lastLook: 300_000 },
  refusals: { options: { isPermanent: () => true, refusalMs: Number.MAX_SAFE_INTEGER }, call: beRefused, lastLook: 1_000_000 },
};

// A stack for each refusal takes longer than all the rest, and shows nothing here.
Error.stackTraceLimit = 0;

const { options, call, lastLook } = WAYS[process.argv[2]];
const cache = createTokenCache(options);
await callFor(0, FIRST_LOOK);
const firstBytes = await bytesInUse();
await callFor(FIRST_LOOK, lastLook);
const lastBytes = await bytesInUse();
console.log(JSON.stringify({ firstBytes, lastBytes, keys: lastLook - FIRST_LOOK, kept: cache.size }));

async function callFor(from, to) {
  for (let index = from; index < to; index += 1) await call(index);
}

/** The tag too is one of its own, so that what is indexed by tag must shrink as well. */
function keepTagged(index) {
  return cache.get(scopeAt(index), { acquire: async () => tokenAt(index), tags: [`tag-${index}`] });
}

async function beRefused(index) {
  const acquire = async () => {
    throw new Error(`refused ${index}`);
  };
  await cache.get(scopeAt(index), { acquire, refusalKey: `credential-${index}` }).catch(() => {});
}
