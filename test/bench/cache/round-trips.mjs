/**
 * Which commands a call of the cache sends to a shared store: what a real Redis itself says it was asked. Prints their names as one line of
 * JSON, or `null` when there is no `redis-server` on this machine.
 *
 *     node test/bench/cache/round-trips.mjs
 */
import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokenCache } from '@client-credentials/token-cache';
import { redisStore } from '@client-credentials/token-cache/redis';
import { Redis } from 'ioredis';
import { scopeAt, tokenAt } from './entries.mjs';

const PATIENCE_MS = 30_000;

const directory = mkdtempSync(join(tmpdir(), 'client-credentials-'));
const socket = join(directory, 'redis.sock');
const server = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--dir', directory, '--save', ''], { stdio: 'ignore' });
const hasStarted = await once(server, 'spawn').then(
  () => true,
  () => false,
);
try {
  console.log(JSON.stringify(hasStarted ? await measure() : null));
} finally {
  if (server.kill()) await once(server, 'exit');
  rmSync(directory, { recursive: true, force: true });
}

async function measure() {
  const client = new Redis(socket, { retryStrategy: (attempt) => (attempt <= 200 ? 50 : null), maxRetriesPerRequest: null });
  // It takes a moment until the server listens, which is no failure.
  client.on('error', () => {});
  await client.ping();
  const monitor = await client.monitor();
  const executed = on(monitor, 'monitor', { signal: AbortSignal.timeout(PATIENCE_MS) });
  const commandsOf = async (work) => {
    await work();
    await client.echo('done');
    return namesUntilEcho(executed);
  };
  const [one, another] = [client, client].map(createSharedCache);
  try {
    return {
      // What it leaves in the store is written behind the call, and has been once the cache is closed.
      miss: await commandsOf(() => call(one).then(() => one.close())),
      hitInStore: await commandsOf(() => call(another)),
      hitInMemory: await commandsOf(() => call(another)),
    };
  } finally {
    monitor.disconnect();
    client.disconnect();
  }
}

/** A cache as another process has it: with the same store, and a memory of its own. */
function createSharedCache(client) {
  const codec = { encode: (token) => Buffer.from(JSON.stringify(token)), decode: (bytes) => JSON.parse(Buffer.from(bytes).toString()) };
  return createTokenCache({ store: redisStore({ client }), codec });
}

function call(cache) {
  return cache.get(scopeAt(0), { acquire: async () => tokenAt(0) });
}

/** What was sent to the server, without what it called by itself from a script, up to the mark. */
async function namesUntilEcho(executed) {
  const names = [];
  for (;;) {
    const { value } = await executed.next();
    const [, [name], source] = value;
    if (name === 'echo') return names;
    if (source !== 'lua') names.push(name);
  }
}
