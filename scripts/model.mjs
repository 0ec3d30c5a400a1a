/**
 * Explores every state of the model of flight and lease within the bounds of each run, then the model broken on purpose until the
 * property noticed that has to. Needs Debian's `spin` and `gcc`. The last line has the counts; what was not finished counts as failed.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** `bounds` are names of the model; `mutants` its ways to be broken, each with the property that notices. */
const RUNS = [
  {
    name: 'nothing fails',
    properties: ['acquired_twice'],
    bounds: { N: 4, GETS: 2, ONE_ACQUISITION: 1 },
    mutants: { NO_LOOK_UNDER_LEASE: 'acquired_twice', RELEASE_BEFORE_WRITE: 'acquired_twice' },
  },
  {
    name: 'a process stops and goes on',
    properties: ['two_acquire'],
    bounds: { GETS: 2, STOPS: 1, ACQUIRE_FAILURES: 1 },
    mutants: { RELEASE_WITHOUT_COMPARE: 'two_acquire', NO_RENEWAL: 'two_acquire' },
  },
  {
    name: 'a crash, a stop, a failure of the store and one of acquire',
    properties: ['two_acquire'],
    bounds: { CRASHES: 1, STOPS: 1, STORE_FAILURES: 1, ACQUIRE_FAILURES: 1 },
    mutants: {},
  },
  {
    name: 'an entry of another key',
    properties: ['foreign_value'],
    bounds: { GETS: 2, MISPLACED: 1, ACQUIRE_FAILURES: 1 },
    mutants: { NO_KEY_COMPARED: 'foreign_value' },
  },
  {
    name: 'values become due and expire',
    properties: ['expired_value', 'earlier_expiry'],
    bounds: { N: 2, GETS: 3, LIFETIME: 3, VALUES: 3 },
    mutants: { NO_EXPIRY_COMPARED: 'expired_value', WRITE_OVER_LATER_EXPIRY: 'earlier_expiry' },
  },
  {
    name: 'a value is rejected while it becomes due and expires',
    properties: ['rejected_value'],
    bounds: { N: 2, GETS: 2, LIFETIME: 3, VALUES: 3, REJECTIONS: 1, ACQUIRE_FAILURES: 1 },
    mutants: {},
  },
  {
    name: 'a value is rejected in a process that is alone for long',
    properties: ['rejected_value'],
    bounds: { N: 1, GETS: 4, LIFETIME: 3, REJECTIONS: 1, ACQUIRE_FAILURES: 2 },
    mutants: { REJECTED_IS_TAKEN: 'rejected_value', REJECTION_IS_FORGOTTEN: 'rejected_value' },
  },
  {
    name: 'a value is rejected and another removed, the store and acquire fail',
    properties: ['rejected_value'],
    bounds: { N: 2, GETS: 3, REJECTIONS: 1, REMOVALS: 1, ACQUIRE_FAILURES: 1, STORE_FAILURES: 1 },
    mutants: { LOOK_WHILE_REMOVING: 'rejected_value', DISCARDED_IS_KEPT: 'rejected_value' },
  },
  {
    name: 'a value is removed in a process that is alone for long',
    properties: ['rejected_value'],
    bounds: { N: 1, GETS: 3, LIFETIME: 3, REMOVALS: 1, ACQUIRE_FAILURES: 1 },
    mutants: { DISCARDED_IS_AN_ANSWER: 'rejected_value' },
  },
  {
    name: 'a value is rejected, a process stops and the store fails',
    properties: ['rejected_value'],
    bounds: { N: 2, GETS: 3, REJECTIONS: 1, STOPS: 1, ACQUIRE_FAILURES: 1, STORE_FAILURES: 1 },
    mutants: {},
  },
  {
    name: 'a crash and a stop',
    properties: ['no_waiter_stuck'],
    bounds: { CRASHES: 1, STOPS: 1 },
    mutants: { WAITER_NEVER_COMPETES: 'no_waiter_stuck', LEASE_WITHOUT_END: 'no_waiter_stuck' },
  },
  {
    name: 'a crash and a failure of the store',
    properties: ['no_waiter_stuck'],
    bounds: { CRASHES: 1, STORE_FAILURES: 1 },
    mutants: {},
  },
  {
    name: 'a value is rejected and another removed',
    properties: ['no_waiter_stuck'],
    bounds: { N: 2, GETS: 2, REJECTIONS: 1, REMOVALS: 1, ACQUIRE_FAILURES: 1 },
    mutants: {},
  },
];

const model = fileURLToPath(new URL('../packages/token-cache/model/flight-and-lease.pml', import.meta.url));
const AT_ONCE = 2;
const MEMORY_MIB = 450;
const LONGEST_PATH = 10_000;
const TIMEOUT_MS = 300_000;
const execute = promisify(execFile);

const scratch = mkdtempSync(join(tmpdir(), 'client-credentials-'));
try {
  const checks = RUNS.flatMap((run) => [checkOf(run), ...Object.entries(run.mutants).map((mutant) => mutantOf(run, mutant))]);
  const passed = (await inParallel(checks, report)).filter(Boolean).length;
  console.log(`\nmodel: ${passed} passed, ${checks.length - passed} failed`);
  process.exitCode = passed === checks.length ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true });
}

function checkOf({ name, properties, bounds }) {
  return { name: `${properties.join(', ')}: ${name}`, bounds, isLiveness: properties.includes('no_waiter_stuck'), expected: 'none' };
}

function mutantOf({ bounds }, [mutant, property]) {
  const isLiveness = property === 'no_waiter_stuck';
  return { name: `${property} notices ${mutant}`, bounds: { ...bounds, MUTANT: mutant }, isLiveness, expected: property };
}

async function report(check, index) {
  const found = await explore(check, join(scratch, String(index))).catch((error) => ({ violated: error.message, figures: '' }));
  const isAsExpected = found.violated === check.expected;
  console.log(`${isAsExpected ? 'ok     ' : 'FAILED '} ${check.name}${isAsExpected ? '' : `, but: ${found.violated}`} ${found.figures}`);
  return isAsExpected;
}

async function explore({ bounds, isLiveness }, directory) {
  mkdirSync(directory);
  const run = (file, ...args) => execute(file, args, { cwd: directory, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 });
  const defines = Object.entries(bounds).map(([name, value]) => `-D${name}=${value}`);
  await run('spin', '-a', ...defines, model);
  // Each further process wants room in the count that weak fairness keeps: -DNFAIR.
  const search = isLiveness ? ['-DNFAIR=4'] : ['-DSAFETY', '-DNOCLAIM'];
  // A mutant falls early: to optimise its search would take longer than the search.
  const level = bounds.MUTANT === undefined ? '-O2' : '-O0';
  await run('gcc', level, '-w', '-DNOREDUCE', '-DCOLLAPSE', `-DMEMLIM=${MEMORY_MIB}`, ...search, '-o', 'pan', 'pan.c');
  // A process that crashed is at no end of its own.
  const options = [...(isLiveness ? ['-a', '-f'] : []), ...(bounds.CRASHES ? ['-E'] : [])];
  const { stdout } = await run(join(directory, 'pan'), `-m${LONGEST_PATH}`, '-n', ...options);
  return readSearch(stdout);
}

/** What a search found violated; `none` only if nothing says that it left something out. */
function readSearch(output) {
  const [, depth, errors] = /depth reached (\d+), errors: (\d+)/.exec(output) ?? [];
  const [, states] = /([\d.e+]+) states, stored/.exec(output) ?? [];
  if (depth === undefined || states === undefined) throw new Error(`no figures in what pan printed:\n${output}`);
  const seconds = /elapsed time ([\d.]+) seconds/.exec(output)?.[1] ?? '0';
  const figures = `(${Number(states).toLocaleString('en')} states, depth ${depth}, ${seconds} s)`;
  return { violated: errors === '0' ? incompleteness(output) : violation(output), figures };
}

function incompleteness(output) {
  const isWhole = output.includes('Full statespace search for:') && !/warning|error:|limit|bound|out of memory|truncated/i.test(output);
  return isWhole ? 'none' : `nothing, in a search that is not whole:\n${output}`;
}

function violation(output) {
  if (output.includes('acceptance cycle')) return 'no_waiter_stuck';
  return /assertion violated +!\(+(\w+)\)/.exec(output)?.[1] ?? output;
}

async function inParallel(checks, work) {
  const results = [];
  const waiting = [...checks.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.push(await work(next[1], next[0]));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
