/** What each kind of client is told, which clients and options are refused, and what failures say. */
import { redisStore } from '@client-credentials/token-cache/redis';
import { Cluster } from 'ioredis';
import { expect, test } from 'vitest';
import { MINUTE_MS } from '../support.ts';

const method = (): void => {};
const options = { abortSignal: expect.any(AbortSignal) };

test.each([
  ['ioredis', 'call', { sendCommand: method }, ['get', 'p{n}']],
  ['a client of redis', 'sendCommand', {}, [['get', 'p{n}'], options]],
  [
    'a cluster of redis, whose masters alone are asked',
    'sendCommand',
    { getSlotMaster: method },
    ['p{n}', false, ['get', 'p{n}'], options],
  ],
  ['a Sentinel of redis, whose master alone is asked', 'sendCommand', { getSentinelNode: method }, [false, ['get', 'p{n}'], options]],
])('%s is known by its shape', async (_kind, name, shape, told) => {
  const calls: unknown[][] = [];
  const client = {
    ...shape,
    [name]: async (...args: unknown[]) => {
      calls.push(args);
      return 'ZW50cnk=';
    },
  };
  expect(await redisStore({ client, keyPrefix: 'p' }).read('n', { key: 'k' })).toEqual(Buffer.from('entry'));
  expect(calls).toEqual([told]);
});

test.each([
  ['nothing that a client is', { get: method }, "client has no method 'call' or 'sendCommand', expected a connected client"],
  ['nothing at all', undefined, "client has no method 'call' or 'sendCommand', expected a connected client"],
  ['an ioredis that reads from replicas', new Cluster([], { lazyConnect: true, scaleReads: 'slave' }), 'reads from replicas by its option'],
])('%s is refused', (_what, client, message) => {
  expect(() => redisStore({ client: client as object })).toThrow(
    expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(message) }),
  );
});

test.each([
  [{ keyPrefix: '{a}' }, 'keyPrefix is {a}, expected a text without braces'],
  [{ keyPrefix: 'a}' }, 'keyPrefix is a}, expected a text without braces'],
  [{ keyPrefix: 1 as never }, 'keyPrefix is 1, expected a text without braces'],
  [{ timeoutMs: 0 }, 'timeoutMs is 0, expected a number from 1 to 2147483647'],
  [{ timeoutMs: 2 ** 31 }, 'timeoutMs is 2147483648, expected a number from 1 to 2147483647'],
  [{ timeoutMs: Number.NaN }, 'timeoutMs is NaN, expected a number from 1 to 2147483647'],
])('options %o are refused', (wrong, message) => {
  expect(() => redisStore({ client: { call: method }, ...wrong })).toThrow(expect.objectContaining({ code: 'invalid_option', message }));
});

test('options may be undefined', () => {
  redisStore({ client: { call: method }, keyPrefix: undefined, timeoutMs: undefined, now: undefined });
});

test.each([
  [new Error('READONLY You can not write against a read only replica.'), 'READONLY'],
  [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [new TypeError('the-value is wrong'), 'TypeError'],
  ['the-value', 'string'],
])('a failure is named by one word: %s', async (failure, word) => {
  const store = redisStore({ client: { call: () => Promise.reject(failure) } });
  await expect(store.delete('n')).rejects.toMatchObject({ message: `the Redis command del failed: ${word}` });
});

test('a client that throws, and one that replies with what no server would, are errors', async () => {
  const throwing = redisStore({
    client: {
      call: () => {
        throw new TypeError('not connected');
      },
    },
  });
  await expect(throwing.read('n', { key: 'k' })).rejects.toMatchObject({ code: 'store_unavailable' });
  const mute = redisStore({ client: { sendCommand: method } });
  await expect(mute.read('n', { key: 'k' })).rejects.toMatchObject({ code: 'store_unavailable' });
  await expect(mute.lease?.('n', MINUTE_MS)).rejects.toMatchObject({ code: 'store_unavailable' });
});
