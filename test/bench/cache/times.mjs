/** Nanoseconds per call that finds its token, by number of entries, and as a multiple of an `async` function over `Map.get`. */
import { measure } from './process.mjs';

const CACHED_GET = new URL('./cached-get.mjs', import.meta.url);
const SIZES = [1, 100, 1_000, 10_000, 100_000, 1_000_000];
/** What `peek` may cost, as a multiple of `Map.get`, by number of entries. */
const BUDGETS = { 1: 1.5, 100000: 2 };
const COLUMNS = {
  mapGet: 'Map.get',
  mapGetAndClock: '… and Date.now',
  peek: 'peek ?? get',
  peekListenedTo: '… listened to',
  get: 'get',
  msal: 'MSAL',
};
const WIDTH = 20;

export async function measureTimes() {
  const times = [];
  for (const entries of SIZES) times.push({ entries, nanoseconds: await measure(CACHED_GET, String(entries)) });
  return times;
}

export function describeTimes(times) {
  return [
    'a call that finds its token, in nanoseconds, beside an async function over Map.get: medians of rounds in turns',
    row('entries', Object.values(COLUMNS)),
    ...times.map(({ entries, nanoseconds }) => row(entries.toLocaleString('en'), Object.keys(COLUMNS).map(cellOf(nanoseconds)))),
    ...times.filter(({ entries }) => entries in BUDGETS).map(budgetLine),
  ].join('\n');
}

function row(first, cells) {
  return `  ${first.padStart(9)}${cells.map((cell) => cell.padStart(WIDTH)).join('')}`;
}

function cellOf(nanoseconds) {
  return (name) => {
    const value = nanoseconds[name];
    if (value === undefined) return '';
    const ratio = value / nanoseconds.mapGet;
    return `${Math.round(value).toLocaleString('en')}  ${ratio < 100 ? ratio.toFixed(2) : Math.round(ratio).toLocaleString('en')} ×`;
  };
}

function budgetLine({ entries, nanoseconds }) {
  const ratio = nanoseconds.peek / nanoseconds.mapGet;
  const most = BUDGETS[entries];
  return `  peek ?? get at ${entries.toLocaleString('en')}: ${ratio.toFixed(2)} ×, budget ${most} ×: ${ratio <= most ? 'ok' : 'over'}`;
}
