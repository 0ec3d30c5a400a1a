/**
 * What a call of an API costs beside the bare request: one after the other, and fifty at once, in calls per second and in the time of this
 * process's processor. Not a test: figures are ratios of one run, in rounds that take turns, on whatever machine this is. It measures what
 * is published, so that it wants a build.
 *
 *     node scripts/build.mjs && NODE_EXTRA_CA_CERTS=test/fixtures/certificates/loopback.crt.pem node test/bench/calls.mjs
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createCandidates } from './calls/candidates.mjs';

const CALLS = 2000;
const ROUNDS = 5;
/** Calls per second beside the bare ones, fifty at once. */
const BUDGETS = { request: 0.9, 'request with a signal': 0.7 };

const ca = readFileSync(new URL('../fixtures/certificates/loopback.crt.pem', import.meta.url), 'utf8');
const api = spawn(process.execPath, [fileURLToPath(new URL('calls/api.mjs', import.meta.url))], { stdio: ['pipe', 'pipe', 'inherit'] });
const [port] = await once(createInterface(api.stdout), 'line');
const { candidates, close } = await createCandidates({ baseUrl: `https://127.0.0.1:${port}`, ca });
for (const call of Object.values(candidates)) await run(call, { atOnce: 50, calls: 500 });

for (const atOnce of [1, 50]) {
  const figures = await measure(atOnce);
  console.log(`\n${atOnce === 1 ? 'one after the other' : `${atOnce} at once`}${' '.repeat(16)}calls/s            processor time`);
  for (const [name, { perSecond, microseconds }] of Object.entries(figures)) {
    const share = perSecond / figures.bare.perSecond;
    const cost = microseconds / figures.bare.microseconds;
    const budget = atOnce === 50 ? BUDGETS[name] : undefined;
    const verdict = budget === undefined ? '' : `  budget ${budget}: ${share >= budget ? 'ok' : 'under'}`;
    console.log(
      `  ${name.padEnd(24)}${Math.round(perSecond).toLocaleString('en').padStart(8)}  ${share.toFixed(2)} of bare${Math.round(microseconds).toString().padStart(8)} µs  ${cost.toFixed(2)} ×${verdict}`,
    );
  }
}
await close();
api.stdin.end();

async function measure(atOnce) {
  const rounds = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, call] of Object.entries(candidates)) rounds[name].push(await run(call, { atOnce, calls: CALLS }));
  }
  const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];
  const figure = (results, name) => median(results.map((result) => result[name]));
  return Object.fromEntries(
    Object.entries(rounds).map(([name, results]) => [
      name,
      { perSecond: figure(results, 'perSecond'), microseconds: figure(results, 'microseconds') },
    ]),
  );
}

async function run(call, { atOnce, calls }) {
  let left = calls;
  const before = process.cpuUsage();
  const startedAtMs = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await call();
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (1000 * calls) / (performance.now() - startedAtMs), microseconds: (user + system) / calls };
}
