/** A program: one of several processes whose caches share a Redis. It does what the lines on its standard input say. */
import { createInterface } from 'node:readline';
import { createTokenCache } from '@client-credentials/token-cache';
import { redisStore } from '@client-credentials/token-cache/redis';
import { connect } from './connect.ts';
import { Load } from './load.ts';
import type { CallAnswer, CallOrder, Orders, Setup } from './orders.ts';
import { acquireFrom, CODEC, type Value } from './shared-value.ts';
import { watchStore } from './watched-store.ts';

const { client, port, valuesUrl, timeoutMs, retryAfterMs }: Setup = JSON.parse(process.argv[2] ?? '');
let aheadMs = 0;
const now = (): number => Date.now() + aheadMs;
const watched = watchStore(redisStore({ client: await connect[client](port), timeoutMs, now }));
const cache = createTokenCache<Value>({
  store: watched.store,
  codec: CODEC,
  storeTimeoutMs: 2 * timeoutMs,
  storeRetryAfterMs: retryAfterMs,
  policy: { jitter: 0 },
  now,
});
const load = new Load({ cache, valuesUrl, now });
const lastGiven = new Map<string, Value>();

const does: { readonly [N in keyof Orders]: (order: Orders[N]['order']) => Promise<Orders[N]['answer']> } = {
  call,
  advance: async ({ ms }) => {
    aheadMs += ms;
    return null;
  },
  load: async ({ lifetimeMs }) => {
    load.start(lifetimeMs);
    return null;
  },
  lap: async () => load.lap(),
  report: async () => ({ ...watched.report(), ...load.report() }),
};

async function call({ key, times, lifetimeMs, rejecting = false }: CallOrder): Promise<CallAnswer> {
  const acquire = acquireFrom({ key, lifetimeMs, valuesUrl, now });
  const rejected = rejecting ? lastGiven.get(key) : undefined;
  const startedAtMs = performance.now();
  const outcomes = await Promise.allSettled(Array.from({ length: times }, () => cache.get(key, { acquire, rejected })));
  const longestMs = performance.now() - startedAtMs;
  const names = new Set<string>();
  const errors = new Set<string>();
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') errors.add(String(outcome.reason));
    else {
      names.add(outcome.value.name);
      lastGiven.set(key, outcome.value);
    }
  }
  return { names: [...names], errors: [...errors], longestMs };
}

async function obey({ id, name, order }: { id: number; name: keyof Orders; order: never }): Promise<void> {
  const answer = await does[name](order);
  process.stdout.write(`${JSON.stringify({ id, answer })}\n`);
}

process.stdout.write(`${JSON.stringify({ id: 0 })}\n`);
for await (const line of createInterface({ input: process.stdin })) void obey(JSON.parse(line));
// Nobody is left to give orders, and clients keep a process alive.
process.exit();
