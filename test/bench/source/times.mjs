/** Nanoseconds per call of a source that finds its token, by number of tokens, and as a multiple of an `async` function over `Map.get`. */
import { measure } from '../cache/process.mjs';

const CACHED_TOKEN = new URL('./cached-token.mjs', import.meta.url);
const SIZES = [1, 1_000, 100_000];
/** What `getToken` may cost, as a multiple of `Map.get`, by number of tokens. */
const BUDGETS = { 1: 1.5, 100000: 2 };
const COLUMNS = {
  mapGet: 'Map.get',
  mapGetAndClock: '… and Date.now',
  getToken: 'getToken',
  getTokenOfTenant: '… of a tenant',
  msal: 'MSAL',
};
const WIDTH = 20;

export async function measureTimes() {
  const times = [];
  for (const tokens of SIZES) times.push({ tokens, nanoseconds: await measure(CACHED_TOKEN, String(tokens)) });
  return times;
}

export function describeTimes(times) {
  return [
    'a call that finds its token, in nanoseconds, beside an async function over Map.get: medians of rounds in turns',
    row('tokens', Object.values(COLUMNS)),
    ...times.map(({ tokens, nanoseconds }) => row(tokens.toLocaleString('en'), Object.keys(COLUMNS).map(cellOf(nanoseconds)))),
    ...times.filter(({ tokens }) => tokens in BUDGETS).map(budgetLine),
  ].join('\n');
}

function row(first, cells) {
  return `  ${first.padStart(9)}${cells.map((cell) => cell.padStart(WIDTH)).join('')}`;
}

function cellOf(nanoseconds) {
  return (name) => {
    const value = nanoseconds[name];
    if (value === undefined) return '';
    return `${Math.round(value).toLocaleString('en')}  ${(value / nanoseconds.mapGet).toFixed(2)} ×`;
  };
}

function budgetLine({ tokens, nanoseconds }) {
  const ratio = nanoseconds.getToken / nanoseconds.mapGet;
  const most = BUDGETS[tokens];
  return `  getToken at ${tokens.toLocaleString('en')}: ${ratio.toFixed(2)} ×, budget ${most} ×: ${ratio <= most ? 'ok' : 'over'}`;
}
