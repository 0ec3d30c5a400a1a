/** One flight for a key, whoever asks: many callers in many processes that share a Redis are served by one `acquire` in all. */
import { beforeAll, expect, test, vi } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { alternating, askAll, type Caller, given, IN_NO_HURRY, MINUTE_MS, startCallers } from './callers.ts';
import { byEndurance, PATIENCE } from './endurance.ts';
import type { CallAnswer } from './orders.ts';
import { startValueServer, type ValueServer } from './value-server.ts';

const ROUNDS = byEndurance({ short: 1, ci: 3, long: 20 });
const PROCESSES = byEndurance({ short: 3, ci: 8, long: 8 });
const TIMEOUT_MS = 60_000 + ROUNDS * 10_000;

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});

test('10,000 concurrent calls of one process on an empty Redis are served by one acquire', async () => {
  const values = await startValueServer();
  const [caller] = await startCallers([{ ...IN_NO_HURRY, client: 'redis', port: redis.port, valuesUrl: values.url }]);
  expect(await caller?.call({ key: 'alone', times: 10_000 })).toEqual(given('alone#0'));
  expect(values.requests).toHaveLength(1);
});

test('eight processes with 1,000 callers each on an empty Redis are served by one acquire', { timeout: TIMEOUT_MS }, async () => {
  const { values, callers } = await startMany(8);
  for (let round = 1; round <= ROUNDS; round += 1) {
    await redis.command('FLUSHALL');
    const key = `round-${round}`;
    expect(await allCall(callers, { key, times: 1_000 })).toEqual(callers.map(() => given(`${key}#${round - 1}`)));
    expect(values.requests).toHaveLength(round);
  }
});

test('processes that find a value due give it at once, while one acquire renews it for all', { timeout: TIMEOUT_MS }, async () => {
  const { values, callers } = await startMany(PROCESSES);
  values.hold();
  for (let round = 1; round <= ROUNDS; round += 1) {
    const key = `due-${round}`;
    const first = allCall(callers, { key, times: 1 });
    const old = await values.request(key, 1);
    old.answer();
    expect(await first).toEqual(callers.map(() => given(old.name)));

    await askAll(callers, 'advance', { ms: 56 * MINUTE_MS });
    // The request for the new one has no answer yet, so nobody has waited for it.
    expect(await allCall(callers, { key, times: 1_000 })).toEqual(callers.map(() => given(old.name)));
    const renewed = await values.request(key, 2);
    renewed.answer();
    await vi.waitUntil(async () => {
      const answers = await allCall(callers, { key, times: 1 });
      return answers.every(({ names: [name] }) => name === renewed.name);
    }, PATIENCE);
    expect(values.requestsFor(key)).toHaveLength(2);
  }
});

test('a value that a hundred callers in each of some processes reject is renewed by one acquire', { timeout: TIMEOUT_MS }, async () => {
  const { values, callers } = await startMany(PROCESSES);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const key = `rejected-${round}`;
    const [revoked] = new Set((await allCall(callers, { key, times: 1 })).flatMap(({ names }) => names));
    expect(values.requestsFor(key).map(({ name }) => name)).toEqual([revoked]);

    const answers = await allCall(callers, { key, times: 100, rejecting: true });
    const [, renewed, ...others] = values.requestsFor(key);
    expect(others).toEqual([]);
    expect(answers).toEqual(callers.map(() => given(renewed?.name)));
  }
});

/** Half with one client, half with the other. */
async function startMany(count: number): Promise<{ values: ValueServer; callers: readonly Caller[] }> {
  const values = await startValueServer();
  return { values, callers: await startCallers(alternating(count, { ...IN_NO_HURRY, port: redis.port, valuesUrl: values.url })) };
}

function allCall(callers: readonly Caller[], order: Parameters<Caller['call']>[0]): Promise<readonly CallAnswer[]> {
  return Promise.all(callers.map((caller) => caller.call(order)));
}
