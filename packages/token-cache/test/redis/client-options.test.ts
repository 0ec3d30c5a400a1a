/** Clients of other kinds and with options of their own, and a server that quotes what it refuses. */
import { inspect } from 'node:util';
import { redisStore } from '@client-credentials/token-cache/redis';
import { createClient, createClientPool } from 'redis';
import { expect, onTestFinished, test } from 'vitest';
import { startRedis } from '../../../../test/support/redis-server.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../support.ts';
import { connectIoredis, connectRedis } from './clients.ts';

test('a pool of redis works as a client', async () => {
  const { url } = await startRedis();
  const client = createClientPool({ url });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.destroy());
  await expectToWork(client);
});

test('clients may give texts as Buffers and numbers as texts, over either protocol', async () => {
  const { url } = await startRedis();
  for (const RESP of [2, 3] as const) {
    // 36 is `$`, 43 `+` and 58 `:`, the types of replies.
    const typeMapping = { 36: Buffer, 43: Buffer, 58: String } as const;
    const client = createClient({ url, RESP, commandOptions: { typeMapping } });
    client.on('error', () => {});
    await client.connect();
    onTestFinished(() => client.destroy());
    await expectToWork(client);
  }
});

test('ioredis may have a prefix of its own, gather commands, and give numbers as texts', async () => {
  const server = await startRedis();
  const { client, close } = await connectIoredis(server, { keyPrefix: 'own:', enableAutoPipelining: true, stringNumbers: true });
  onTestFinished(close);
  await expectToWork(client);
  expect(await server.command('KEYS own:client-credentials:{*')).toContain('own:client-credentials:{name}');
});

test.each([
  ['redis', connectRedis],
  ['ioredis', connectIoredis],
])('an error has no word of a command that the server quotes, with a client of %s', async (_kind, connect) => {
  const { client, close } = await connect(await startRedis(['--rename-command', 'EVAL', '']));
  onTestFinished(close);
  const entry = { key: 'the-key', bytes: Buffer.from('the-value'), expiresAtMs: Date.now() + HOUR_MS };
  const error: unknown = await redisStore({ client, timeoutMs: 10 * SECOND_MS })
    .write('the-name', entry)
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'store_unavailable', transient: true, message: 'the Redis command eval failed: ERR', reason: 'ERR' });
  for (const secret of ['the-key', 'the-name', 'the-value', entry.bytes.toString('base64')]) {
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
  }
});

async function expectToWork(client: object): Promise<void> {
  const store = redisStore({ client, timeoutMs: 10 * SECOND_MS });
  await store.write('name', { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: Date.now() + HOUR_MS });
  expect(await store.read('name', { key: 'k' })).toEqual(Buffer.from('entry'));
  const lease = await store.lease?.('name', MINUTE_MS);
  expect(await store.lease?.('name', MINUTE_MS)).toBeUndefined();
  expect(await lease?.renew()).toBe(true);
  await lease?.release();
  await expect((await store.lease?.('name', MINUTE_MS))?.release()).resolves.toBeUndefined();
  expect(await store.read('absent', { key: 'k' })).toBeUndefined();
}
