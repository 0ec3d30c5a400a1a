/** How many commands a shared Redis gets for one call of the cache, and whether that is within its budget. */
import { measure } from './process.mjs';
import { verdict } from './verdict.mjs';

const ROUND_TRIPS = new URL('./round-trips.mjs', import.meta.url);
const CALLS = [
  { name: 'hitInMemory', title: 'found in memory', most: 0 },
  { name: 'hitInStore', title: 'found in the store', most: 1 },
  // To look, to take the lease, to look again; then behind the call to write and to give the lease back.
  { name: 'miss', title: 'found nowhere', most: 5 },
];

/** The names of the commands by kind of call, or `null` without a Redis. */
export function measureCommands() {
  return measure(ROUND_TRIPS);
}

export function judgeCommands(commands) {
  const title = 'commands to a shared Redis for one call';
  if (commands === null) return verdict(`${title}: passed over, since there is no redis-server on this machine`, []);
  const rows = CALLS.map(({ name, title: call, most }) => {
    const names = commands[name];
    const text = `${call.padEnd(20)}${String(names.length).padStart(3)}, at most ${most}  ${names.join(', ')}`;
    return { text, isWithin: names.length <= most };
  });
  return verdict(title, rows);
}
