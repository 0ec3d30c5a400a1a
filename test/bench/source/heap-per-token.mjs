/**
 * How much memory a source takes for each token, beyond a plain `Map` to the same token objects: for many APIs, and for one API in
 * many tenants. Prints bytes as one line of JSON.
 *
 *     node --expose-gc test/bench/source/heap-per-token.mjs
 */
import { scopes } from '../cache/entries.mjs';
import { bytesInUse } from '../cache/heap.mjs';
import { createLocalSource, tenantAt } from './local-source.mjs';

/** Tables that double are three quarters full on average: these hold 32,768. */
const TOKENS = 24_576;
const SCOPE = 'https://graph.microsoft.com/.default';

const keys = scopes(TOKENS);
const tenants = Array.from({ length: TOKENS }, (_, index) => tenantAt(index));
const cache = { maxEntries: TOKENS, maxBytes: Number.MAX_SAFE_INTEGER };

const FILLED = {
  mapOfScopes: () => plainMap((index) => keys[index]),
  // The scope alone is no key here, and one has to be made.
  mapOfTenants: () => plainMap((index) => `${tenants[index]} ${SCOPE}`),
  scopes: () => tokensOf(createLocalSource({ cache }), (source, index) => source.getToken(keys[index])),
  tenants: () =>
    tokensOf(createLocalSource({ cache, tenants: 'any' }), (source, index) => source.getToken(SCOPE, { tenant: tenants[index] })),
};

// So that what is compiled and remembered for good is not counted.
for (const make of Object.values(FILLED)) await bytesPerToken(make);

const results = {};
for (const [name, make] of Object.entries(FILLED)) results[name] = await bytesPerToken(make);
console.log(JSON.stringify(results));

async function bytesPerToken(make) {
  const before = await bytesInUse();
  const holder = await make();
  const after = await bytesInUse();
  if (holder.count() !== TOKENS) throw new Error(`${holder.count()} of ${TOKENS} tokens are kept`);
  return (after - before) / TOKENS;
}

/** The tokens are held in both cases, so that what is left is what each kind of holder adds. */
async function tokensOf({ source, requests }, ask) {
  const tokens = [];
  for (let index = 0; index < TOKENS; index += 1) tokens.push(await ask(source, index));
  return { source, tokens, count: () => requests.count };
}

async function plainMap(keyAt) {
  const { tokens } = await tokensOf(createLocalSource({ cache }), (source, index) => source.getToken(keys[index]));
  const map = new Map(tokens.map((token, index) => [keyAt(index), token]));
  return { map, tokens, count: () => map.size };
}
