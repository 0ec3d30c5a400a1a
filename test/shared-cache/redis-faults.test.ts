/** What callers notice of a Redis that is paused, stopped, restarted or slow while they call: next to nothing, and afterwards they share again. */
import { test } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { alternating, askAll, MINUTE_MS, startCallers } from './callers.ts';
import { byEndurance } from './endurance.ts';
import { type SlowProxy, startSlowProxy } from './slow-proxy.ts';
import { ACQUIRING_MS, endure, type Fault } from './under-load.ts';
import { startValueServer } from './value-server.ts';

const ROUNDS = byEndurance({ short: 1, ci: 2, long: 8 });
const RETRY_AFTER_MS = 200;

// Together, because most of it is waiting for what fails to be found out, and to come back.
test('two processes under load are served while their Redis is paused, stopped, restarted, slow or too slow, and share again', {
  timeout: ROUNDS * MINUTE_MS,
}, async () => {
  await Promise.all([endureOutages(), endureSlowness()]);
});

async function endureOutages(): Promise<void> {
  const redis = await startRedis();
  await endureAll(faultsOf(redis), { port: redis.port, timeoutMs: 300, lifetimeMs: 250 });
}

async function endureSlowness(): Promise<void> {
  const redis = await startRedis();
  const proxy = await startSlowProxy(redis.port);
  await endureAll(slownessOf(proxy), { port: proxy.port, timeoutMs: 800, lifetimeMs: 1_000 });
}

async function endureAll(
  faults: readonly Fault[],
  { port, timeoutMs, lifetimeMs }: { port: number; timeoutMs: number; lifetimeMs: number },
): Promise<void> {
  const values = await startValueServer({ afterMs: ACQUIRING_MS });
  const setup = { port, valuesUrl: values.url, timeoutMs, retryAfterMs: RETRY_AFTER_MS };
  const callers = await startCallers(alternating(2, setup));
  await askAll(callers, 'load', { lifetimeMs });
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const fault of faults) await endure(fault, { callers, values, timeoutMs, retryAfterMs: RETRY_AFTER_MS });
  }
}

function faultsOf(redis: RedisServer): readonly Fault[] {
  return [
    { title: 'Redis paused', opensCircuit: true, begin: () => redis.pause(), end: () => redis.resume() },
    { title: 'Redis stopped', opensCircuit: true, begin: () => redis.stop('SIGKILL'), end: () => redis.start() },
    {
      title: 'Redis restarted',
      opensCircuit: false,
      begin: async () => {
        await redis.stop('SIGKILL');
        await redis.start();
      },
      end: () => {},
    },
  ];
}

function slownessOf(proxy: SlowProxy): readonly Fault[] {
  const lateBy = (delayMs: number) => () => {
    proxy.delayMs = delayMs;
  };
  const slow: Fault = { title: 'replies 200 ms late', opensCircuit: false, begin: lateBy(200), end: lateBy(0) };
  const tooSlow: Fault = { title: 'replies 1.2 s late', opensCircuit: true, begin: lateBy(1_200), end: lateBy(0) };
  return byEndurance({ short: [tooSlow], ci: [slow, tooSlow], long: [slow, tooSlow] });
}
