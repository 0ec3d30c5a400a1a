/**
 * What a source of tokens costs: a call that finds its token, a token request over TLS, the start of a process, the memory of a token, and
 * what is installed. Not a test: times are ratios of one run, on whatever machine this is. Memory and size depend on no machine, and the
 * program ends with 1 when one of those is over its budget. It measures what is published, so that it wants a build, and compares with
 * more libraries once `npm run interop` has installed them.
 *
 *     node scripts/build.mjs && node test/bench/source.mjs
 */
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { measure } from './cache/process.mjs';
import { verdict } from './cache/verdict.mjs';
import { judgeInstalled, measureInstalled } from './source/installed.mjs';
import { describeRequests, measureRequests } from './source/requests.mjs';
import { describeStarts, measureStarts } from './source/starts.mjs';
import { describeTimes, measureTimes } from './source/times.mjs';

/** Beyond what a plain `Map` takes for the same token. One of a tenant of its own also has a place of its own in the table by tenant. */
const MOST_BYTES_PER_TOKEN = { scopes: 300, tenants: 350 };
const HEAP_PER_TOKEN = new URL('./source/heap-per-token.mjs', import.meta.url);

show([process.version, `${platform()} ${arch()}`, cpus()[0]?.model, availableParallelism()].join(', '));
// One after the other: what runs at the same time as a clock is part of what it shows.
show(describeTimes(await measureTimes()));
show(describeRequests(await measureRequests()));
show(describeStarts(await measureStarts()));
const verdicts = [judgeMemory(await measure(HEAP_PER_TOKEN)), judgeInstalled(measureInstalled())];
for (const { lines } of verdicts) show(lines.join('\n'));
process.exitCode = verdicts.every(({ isWithin }) => isWithin) ? 0 : 1;

function judgeMemory({ mapOfScopes, mapOfTenants, scopes, tenants }) {
  const rows = [
    memoryRow('of an API of its own', scopes - mapOfScopes, MOST_BYTES_PER_TOKEN.scopes),
    memoryRow('of a tenant of its own', tenants - mapOfTenants, MOST_BYTES_PER_TOKEN.tenants),
  ];
  return verdict('memory of a token, beyond a plain Map of the same', rows);
}

function memoryRow(title, bytes, most) {
  return { text: `${title.padEnd(24)}${Math.round(bytes).toString().padStart(6)} B, at most ${most}`, isWithin: bytes <= most };
}

function show(text) {
  console.log(`${text}\n`);
}
