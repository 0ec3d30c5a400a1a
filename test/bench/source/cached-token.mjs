/**
 * What a call of a source costs that finds its token, beside an `async` function over `Map.get`, with as many entries as the argument
 * says. Prints nanoseconds per call as one line of JSON.
 *
 *     node test/bench/source/cached-token.mjs 100000
 */
import { scopes, shuffled } from '../cache/entries.mjs';
import { createMsal, MSAL_CALLS_PER_ROUND } from '../cache/msal.mjs';
import { measureRounds } from '../cache/rounds.mjs';
import { createLocalSource } from './local-source.mjs';

const CALLS_PER_ROUND = 100_000;
const TENANT = 'contoso.onmicrosoft.com';

const entries = Number(process.argv[2]);
const keys = scopes(entries);
const { source, requests } = createLocalSource({ tenants: [TENANT], cache: { maxEntries: 2 * entries } });
const options = {};
const named = { tenant: TENANT };
const values = [];
/** The same tokens on both sides, those of the tenant too. */
const map = new Map();
for (const key of keys) {
  values.push(await source.getToken(key));
  map.set(key, values.at(-1));
  map.set(`${TENANT} ${key}`, await source.getToken(key, named));
}

const candidates = [
  candidate('mapGet', async (key) => map.get(key)),
  // The least that anything can do which never gives an expired token.
  candidate('mapGetAndClock', async (key) => {
    const token = map.get(key);
    return Date.now() < token.expiresAtMs ? token : undefined;
  }),
  candidate('getToken', (key) => source.getToken(key)),
  candidate('getTokenWithOptions', (key) => source.getToken(key, options)),
  candidate('getTokenOfTenant', (key) => source.getToken(key, named)),
];
const msalCalls = MSAL_CALLS_PER_ROUND[entries];
if (msalCalls !== undefined) candidates.push(candidate('msal', createMsal({ keys, values }), msalCalls));

const results = await measureRounds(candidates, { keys: shuffled(keys) });
if (requests.count !== 2 * entries) throw new Error('a token that is kept was asked for again');
console.log(JSON.stringify(results));

function candidate(name, call, callsPerRound = CALLS_PER_ROUND) {
  return { name, call, callsPerRound };
}
