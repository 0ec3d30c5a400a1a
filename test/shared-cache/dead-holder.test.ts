/** What becomes of the others when the process that holds the lease of a key is killed, or stopped for longer than its lease. */
import { expect, test } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { alternating, type Caller, given, IN_NO_HURRY, MINUTE_MS, startCallers, untilAll } from './callers.ts';
import { byEndurance, print } from './endurance.ts';
import type { CallAnswer } from './orders.ts';
import { startValueServer, type ValueServer } from './value-server.ts';

const ROUNDS = byEndurance({ short: 1, ci: 2, long: 10 });
const PROCESSES = byEndurance({ short: 3, ci: 6, long: 8 });
/** A lease whose holder is dead lasts for seconds, which are waited for in earnest only by those who endure. */
const END_LEASES = byEndurance({ short: true, ci: false, long: false });

// Together, because most of it is waiting for a lease to end.
test('when the holder of a lease is killed in flight, or stopped past its lease, another takes over', {
  timeout: ROUNDS * MINUTE_MS,
}, async () => {
  for (let round = 1; round <= ROUNDS; round += 1) await Promise.all([killHolder(), stopHolder()]);
});

/** One more acquire serves all who waited for it. */
async function killHolder(): Promise<void> {
  const { redis, values, callers } = await startSome();
  const calls = callers.map((caller) => ({ caller, answer: caller.call({ key: 'killed', times: 100 }) }));
  const first = await values.request('killed', 1);
  const waiting = calls.filter(({ caller }) => caller.pid !== first.pid);
  await untilAll(
    waiting.map(({ caller }) => caller),
    ({ leases: { held } }) => held === 1,
  );

  const holders = callers.filter(({ pid }) => pid === first.pid);
  expect(holders).toHaveLength(1);
  for (const holder of holders) await holder.kill();
  if (END_LEASES) await redis.command(FORGET_LEASES);
  const second = await values.request('killed', 2);
  expect(waiting.map(({ caller }) => caller.pid)).toContain(second.pid);
  second.answer();
  const answers = await Promise.all(waiting.map(({ answer }) => answer));
  expect(answers).toEqual(waiting.map(() => given(second.name)));
  expect(values.requests).toHaveLength(2);
  print(`the holder was killed: the longest wait was ${longest(answers)} ms`);
}

/** All have good values, and the store has the one that expires later, whoever was the last to write. */
async function stopHolder(): Promise<void> {
  const { redis, values, callers } = await startSome();
  const [holder, latecomer, ...others] = callers;
  if (holder === undefined || latecomer === undefined) throw new Error('too few processes');
  const lifetimes = [
    { key: 'of the holder is sooner', ofHolderMs: 10 * MINUTE_MS, ofOtherMs: 20 * MINUTE_MS },
    { key: 'of the holder is later', ofHolderMs: 20 * MINUTE_MS, ofOtherMs: 10 * MINUTE_MS },
  ];
  const held = lifetimes.map(({ key, ofHolderMs }) => holder.call({ key, times: 100, lifetimeMs: ofHolderMs }));
  const first = await Promise.all(lifetimes.map(({ key }) => values.request(key, 1)));
  const waiting = lifetimes.map(({ key, ofOtherMs }) => others.map((other) => other.call({ key, times: 100, lifetimeMs: ofOtherMs })));
  await untilAll(others, ({ leases: { held } }) => held === lifetimes.length);

  holder.pause();
  if (END_LEASES) await redis.command(FORGET_LEASES);
  const second = await Promise.all(lifetimes.map(({ key }) => values.request(key, 2)));
  for (const request of second) request.answer();
  const answers = await Promise.all(waiting.map((calls) => Promise.all(calls)));
  expect(answers).toEqual(second.map(({ name }) => others.map(() => given(name))));
  print(`the holder was stopped: the longest wait was ${longest(answers.flat())} ms`);

  for (const request of first) request.answer();
  holder.resume();
  expect(await Promise.all(held)).toEqual(first.map(({ name }) => given(name)));
  // It writes what it has before it gives back a lease, though that is no longer its own.
  await untilAll([holder], ({ leases: { released = 0 } }) => released === lifetimes.length);
  const found = await Promise.all(lifetimes.map(({ key }) => latecomer.call({ key, times: 1 })));
  expect(found).toEqual([given(second[0]?.name), given(first[1]?.name)]);
  expect(values.requests).toHaveLength(4);
}

/** Over an empty Redis, with a server of values that waits for the test. */
async function startSome(): Promise<{ redis: RedisServer; values: ValueServer; callers: readonly Caller[] }> {
  const [redis, values] = await Promise.all([startRedis(), startValueServer()]);
  values.hold();
  const callers = await startCallers(alternating(PROCESSES, { ...IN_NO_HURRY, port: redis.port, valuesUrl: values.url }));
  return { redis, values, callers };
}

function longest(answers: readonly CallAnswer[]): number {
  return Math.round(Math.max(...answers.map(({ longestMs }) => longestMs)));
}

/** As if their time were over: while nobody has a value yet there is nothing else in Redis. */
const FORGET_LEASES = 'FLUSHALL';
