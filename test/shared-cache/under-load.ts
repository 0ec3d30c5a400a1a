/** Processes under load while something befalls their Redis, and what they must not notice of it. */
import { expect, vi } from 'vitest';
import { askAll, type Caller, untilAll } from './callers.ts';
import { PATIENCE, print } from './endurance.ts';
import type { ValueServer } from './value-server.ts';

export interface Fault {
  readonly title: string;
  readonly begin: () => Promise<void> | void;
  readonly end: () => Promise<void> | void;
  /** Whether the store is left alone meanwhile, for certain. */
  readonly opensCircuit: boolean;
}

/** How long the server of values should take, so that at any moment some processes hold leases. */
export const ACQUIRING_MS = 30;

export interface Circumstances {
  /** Two or more, under load. */
  readonly callers: readonly Caller[];
  readonly values: ValueServer;
  /** What they were started with. */
  readonly timeoutMs: number;
  readonly retryAfterMs: number;
}

/** The fault comes, lasts while some hundred calls are served, and goes; then the processes share again. No call fails or is held up for long. */
export async function endure(
  { title, begin, end, opensCircuit }: Fault,
  { callers, values, timeoutMs, retryAfterMs }: Circumstances,
): Promise<void> {
  await untilServed(callers, values);
  const before = await lap(callers);
  const opened = (await askAll(callers, 'report', null)).map(({ timesOpened }) => timesOpened);
  await begin();
  if (opensCircuit) await untilAll(callers, ({ timesOpened }, index) => timesOpened > (opened[index] ?? 0));
  await untilServed(callers, values);
  const during = await lap(callers);
  await end();
  await untilAll(callers, ({ circuit }) => circuit === 'closed');
  await untilShared(callers, () => `shared-${values.requests.length}`);
  await untilServed(callers, values);
  const after = await lap(callers);
  print(`${title}: the longest call took ${before} ms before, ${during} ms meanwhile, ${after} ms afterwards`);

  expect(Math.max(during, after)).toBeLessThan(COMMANDS_AWAITED * timeoutMs + GRACE_MS);
  for (const { errors, askedWhileOpen, openMs, timesOpened } of await askAll(callers, 'report', null)) {
    expect(errors).toEqual([]);
    expect(askedWhileOpen).toBeLessThanOrEqual(openMs / retryAfterMs + timesOpened);
  }
}

/** Waits until every caller has gone on calling, and some values are new. */
async function untilServed(callers: readonly Caller[], values: ValueServer): Promise<void> {
  const acquired = values.requests.length;
  const served = (await askAll(callers, 'report', null)).map(({ calls }) => calls);
  await untilAll(callers, ({ calls }, index) => calls >= (served[index] ?? 0) + SOME_CALLS);
  await vi.waitUntil(() => values.requests.length >= acquired + SOME_VALUES, PATIENCE);
}

/** Waits until what one has acquired is found by the others. A busy machine may be too slow for that, and then another key is tried. */
export async function untilShared(callers: readonly Caller[], nextKey: () => Promise<string> | string): Promise<void> {
  await vi.waitUntil(async () => {
    const key = await nextKey();
    const names = new Set<string | undefined>();
    for (const caller of callers) names.add((await caller.call({ key, times: 1 })).names[0]);
    return names.size === 1;
  }, PATIENCE);
}

async function lap(callers: readonly Caller[]): Promise<number> {
  return Math.round(Math.max(...(await askAll(callers, 'lap', null))));
}

const SOME_CALLS = 5;
const SOME_VALUES = 10;
/** A read, a lease, a second read. */
const COMMANDS_AWAITED = 3;
/** What acquiring and a very busy machine may add. */
const GRACE_MS = 10_000;
