/**
 * The memory of the cache: how much an entry takes, and that it does not grow with the keys that go through it. Ends with 1 when a
 * figure is over its budget.
 *
 *     node test/bench/cache-memory.mjs
 */
import { judgeMemory, measureMemory } from './cache/memory.mjs';

const verdicts = judgeMemory(await measureMemory());
console.log(verdicts.map(({ lines }) => lines.join('\n')).join('\n\n'));
process.exitCode = verdicts.every(({ isWithin }) => isWithin) ? 0 : 1;
