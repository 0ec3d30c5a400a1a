/**
 * What a call costs that finds its token, beside an `async` function over `Map.get`, with as many entries as the argument says. Prints
 * nanoseconds per call as one line of JSON.
 *
 *     node test/bench/cache/cached-get.mjs 100000
 */
import { subscribe } from 'node:diagnostics_channel';
import { createTokenCache } from '@client-credentials/token-cache';
import { fill, scopes, shuffled, tokenAt } from './entries.mjs';
import { createMsal, MSAL_CALLS_PER_ROUND } from './msal.mjs';
import { measureRounds } from './rounds.mjs';

const CALLS_PER_ROUND = 100_000;

const entries = Number(process.argv[2]);
const keys = scopes(entries);
const values = keys.map((_, index) => tokenAt(index));
const map = new Map(keys.map((key, index) => [key, values[index]]));
const cache = createTokenCache({ maxEntries: entries, maxBytes: Number.MAX_SAFE_INTEGER });
await fill(cache, { keys, values });
const options = {
  acquire: () => {
    throw new Error('a token that is kept was not found');
  },
};

const mapGet = candidate('mapGet', async (key) => map.get(key));
const peek = candidate('peek', async (key) => cache.peek(key) ?? cache.get(key, options));
const candidates = [
  mapGet,
  // The least that anything can do which never gives an expired token.
  candidate('mapGetAndClock', async (key) => {
    const token = map.get(key);
    return Date.now() < token.expiresAtMs ? token : undefined;
  }),
  peek,
  candidate('get', (key) => cache.get(key, options)),
];
const msalCalls = MSAL_CALLS_PER_ROUND[entries];
if (msalCalls !== undefined) candidates.push(candidate('msal', createMsal({ keys, values }), msalCalls));

const order = shuffled(keys);
const silent = await measureRounds(candidates, { keys: order });
// Last, because a channel that somebody has listened to is another object to the compiler for good.
subscribe('client-credentials:token-cache:hit', () => {});
const { peek: peekListenedTo } = await measureRounds([mapGet, { ...peek, callsPerRound: CALLS_PER_ROUND / 10 }], { keys: order });
console.log(JSON.stringify({ ...silent, peekListenedTo }));

function candidate(name, call, callsPerRound = CALLS_PER_ROUND) {
  return { name, call, callsPerRound };
}
