/** What a user of the server must be allowed: the commands of the guide, tried with each kind of client, and no more. */
import { readFileSync } from 'node:fs';
import { createTokenCache } from '@client-credentials/token-cache';
import { redisStore } from '@client-credentials/token-cache/redis';
import { expect, test } from 'vitest';
import { type RedisServer, startRedis, startRedisCluster } from '../../../../test/support/redis-server.ts';
import { listenTo } from '../listening.ts';
import { CODEC } from '../sharing.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS, type Value, value } from '../support.ts';
import { CLIENT_KINDS, createBackends } from './clients.ts';

const GUIDE = readFileSync(new URL('../../../../docs/guides/redis-store.md', import.meta.url), 'utf8');
const [FOR_ALL = '', FOR_CLUSTERS = ''] = GUIDE.match(/ACL SETUSER my-daemon .*/g) ?? [];

const backendOf = createBackends({
  startServer: async () => setUpUser(await startRedis(), [FOR_ALL]),
  startCluster: async () => Promise.all((await startRedisCluster({ masters: 1 })).map((node) => setUpUser(node, [FOR_ALL, FOR_CLUSTERS]))),
  login: { username: 'my-daemon', password: 'secret' },
});

test.each(CLIENT_KINDS)('a user made as the guide says is refused nothing, with a client of $kind', async (kind) => {
  const { client, command } = await backendOf(kind);
  const store = redisStore({ client, keyPrefix: 'my-daemon:', timeoutMs: 10 * SECOND_MS });
  await store.write('n', { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: Date.now() + HOUR_MS });
  expect(await store.read('n', { key: 'k' })).toEqual(Buffer.from('entry'));
  await store.delete('n');
  const lease = await store.lease?.('n', MINUTE_MS);
  expect(await lease?.renew()).toBe(true);
  await lease?.release();
  // Of what was refused to whom.
  expect(await command('ACL LOG')).toBe('*0\r\n');
});

test.each(CLIENT_KINDS)('other keys than its own are refused, which an event tells in a word, with a client of $kind', async (kind) => {
  const failures = listenTo('store-failure');
  const store = redisStore({ client: (await backendOf(kind)).client, keyPrefix: 'other:', timeoutMs: 10 * SECOND_MS });
  await createTokenCache<Value>({ store, codec: CODEC }).get('key', { acquire: async () => value('acquired', { atMs: Date.now() }) });
  expect(failures[0]).toMatchObject({ cache: 'token-cache', operation: 'read', error: 'NOPERM' });
});

async function setUpUser(server: RedisServer, commands: readonly string[]): Promise<RedisServer> {
  for (const command of commands) expect(await server.command(command)).toBe('+OK\r\n');
  return server;
}
