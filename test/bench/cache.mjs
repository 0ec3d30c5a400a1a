/**
 * What the cache costs: the time of a call that finds its token, the memory of an entry, and the commands a shared store gets. Not a
 * test: times are ratios of one run, on whatever machine this is. Memory and commands depend on no machine, and the program ends with 1
 * when one of those figures is over its budget.
 *
 *     node test/bench/cache.mjs
 *     node test/bench/cache.mjs --json
 */
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { judgeCommands, measureCommands } from './cache/commands.mjs';
import { judgeMemory, measureMemory } from './cache/memory.mjs';
import { describeTimes, measureTimes } from './cache/times.mjs';

const isJson = process.argv.includes('--json');
const machine = {
  node: process.version,
  platform: `${platform()} ${arch()}`,
  processor: cpus()[0]?.model,
  processors: availableParallelism(),
};
show(Object.values(machine).join(', '));

// One after the other: what runs at the same time as a clock is part of what it shows.
const times = await measureTimes();
show(describeTimes(times));
const memory = await measureMemory();
const commands = await measureCommands();
const verdicts = [...judgeMemory(memory), judgeCommands(commands)];
for (const { lines } of verdicts) show(lines.join('\n'));

const isWithin = verdicts.every((verdict) => verdict.isWithin);
if (isJson) console.log(JSON.stringify({ machine, times, memory, commands, isWithin }, undefined, 2));
process.exitCode = isWithin ? 0 : 1;

function show(text) {
  if (!isJson) console.log(`${text}\n`);
}
