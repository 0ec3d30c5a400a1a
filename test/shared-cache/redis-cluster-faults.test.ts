/** What callers notice when a node of a cluster is killed while they call, and returns: all are served, and what lies on other nodes is still shared. */
import { createHash } from 'node:crypto';
import { test } from 'vitest';
import { type RedisServer, startRedisCluster } from '../support/redis-server.ts';
import { askAll, MINUTE_MS, startCallers } from './callers.ts';
import { byEndurance } from './endurance.ts';
import { ACQUIRING_MS, endure, untilShared } from './under-load.ts';
import { startValueServer } from './value-server.ts';

/** Which of three nodes are killed, one after another. */
const KILLED = byEndurance({ short: [], ci: [1], long: [0, 1, 2, 0, 1, 2] });
const LIMITS = { timeoutMs: 300, retryAfterMs: 200 };

test('while a node of three is gone two processes under load are served and share the rest', {
  timeout: (1 + KILLED.length) * MINUTE_MS,
}, async () => {
  const nodes = await startRedisCluster({ masters: 3 });
  const values = await startValueServer({ afterMs: ACQUIRING_MS });
  const setup = { port: portOf(nodes), valuesUrl: values.url, ...LIMITS };
  const callers = await startCallers([
    { ...setup, client: 'redis cluster' },
    { ...setup, client: 'ioredis cluster' },
  ]);
  await askAll(callers, 'load', { lifetimeMs: 250 });
  const shareOn = (node: RedisServer): Promise<void> => untilShared(callers, keysOn(node));

  for (const index of KILLED) {
    const killed = nodes.filter((_node, place) => place === index);
    const living = nodes.filter((_node, place) => place !== index);
    const begin = async (): Promise<void> => {
      for (const node of killed) await node.stop('SIGKILL');
      for (const node of living) await shareOn(node);
    };
    const end = async (): Promise<void> => {
      for (const node of killed) await node.start();
      for (const node of nodes) await shareOn(node);
    };
    await endure({ title: `node ${index} of a cluster gone`, opensCircuit: true, begin, end }, { callers, values, ...LIMITS });
  }
});

function portOf([node]: readonly RedisServer[]): number {
  if (node === undefined) throw new Error('a cluster without a node');
  return node.port;
}

/** New keys whose entries lie on one node, which says of all others that they have moved. */
function keysOn(node: RedisServer): () => Promise<string> {
  return async () => {
    for (;;) {
      keys += 1;
      const key = `shared-${keys}`;
      const digest = createHash('sha256').update(key).digest('base64url');
      const isThere = await node.command(`EXISTS client-credentials:{${digest}}`).then(
        () => true,
        () => false,
      );
      if (isThere) return key;
    }
  };
}

let keys = 0;
