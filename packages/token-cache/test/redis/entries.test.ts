/** Entries in a real Redis, over each kind of client. */
import { redisStore } from '@client-credentials/token-cache/redis';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { startRedis, startRedisCluster } from '../../../../test/support/redis-server.ts';
import { listenTo } from '../listening.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS, START_MS } from '../support.ts';
import { type Backend, CLIENT_KINDS, createBackends } from './clients.ts';

const backendOf = createBackends({ startServer: startRedis, startCluster: () => startRedisCluster({ masters: 3 }) });

describe.each(CLIENT_KINDS)('with a client of $kind', (kind) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await backendOf(kind);
  });

  test('what was written is read, whatever its bytes, by whoever shares the server', async () => {
    const { store, other, name } = setUp();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await store.write(name, { key: 'k', bytes, expiresAtMs: START_MS + HOUR_MS });
    expect(await read(other, name)).toEqual([...bytes]);
  });

  test('an entry may be empty, or a part of a larger buffer', async () => {
    const { store, name } = setUp();
    const bytes = Uint8Array.of(1, 2, 3, 4).subarray(1, 3);
    await store.write(name, { key: 'k', bytes, expiresAtMs: START_MS + HOUR_MS });
    expect(await read(store, name)).toEqual([2, 3]);
    await store.write(name, { key: 'k', bytes: new Uint8Array(), expiresAtMs: START_MS + 2 * HOUR_MS });
    expect(await read(store, name)).toEqual([]);
  });

  test('an entry may have a megabyte', async () => {
    const { store, name } = setUp({ timeoutMs: 10 * SECOND_MS });
    const bytes = Buffer.alloc(2 ** 20, 'entry');
    await store.write(name, { key: 'k', bytes, expiresAtMs: START_MS + HOUR_MS });
    expect(Buffer.compare((await store.read(name, { key: 'k' })) ?? Buffer.of(), bytes)).toBe(0);
  });

  test('where nothing is, nothing is read', async () => {
    const { store, name } = setUp();
    expect(await store.read(name, { key: 'k' })).toBeUndefined();
  });

  test('the key is the prefix and the name in braces', async () => {
    const { store, name } = setUp({ keyPrefix: 'mine:' });
    await store.write(name, { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: START_MS + HOUR_MS });
    expect(await backend.command(`GET mine:{${name}}`)).toContain('ZW50cnk=');
    const unnamed = redisStore({ client: backend.client, timeoutMs: 10 * SECOND_MS });
    await unnamed.write(name, { key: 'k', bytes: Buffer.from('other'), expiresAtMs: Date.now() + HOUR_MS });
    expect(await backend.command(`GET client-credentials:{${name}}`)).toContain('b3RoZXI=');
  });

  test('the server forgets an entry when it expires', async () => {
    const { store, name, pttl } = setUp();
    await store.write(name, { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: START_MS + HOUR_MS });
    expect(await pttl()).toBeLessThanOrEqual(HOUR_MS);
    expect(await pttl()).toBeGreaterThan(HOUR_MS - MINUTE_MS);
    await store.delete(name);
    await store.write(name, { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: START_MS + 20 });
    await vi.waitUntil(async () => (await store.read(name, { key: 'k' })) === undefined, 10 * SECOND_MS);
  });

  test('a part of a millisecond is not lived', async () => {
    const { store, name, pttl } = setUp({ now: () => START_MS + 0.25 });
    await store.write(name, { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: START_MS + HOUR_MS + 0.5 });
    expect(await pttl()).toBeGreaterThan(HOUR_MS - MINUTE_MS);
  });

  test.each([0, 0.75, -HOUR_MS])('an entry that expires in %d ms is not written', async (lifetimeMs) => {
    const { store, name, pttl } = setUp();
    await store.write(name, { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: START_MS + lifetimeMs });
    expect(await pttl()).toBe(ABSENT);
  });

  test('an entry never replaces one that expires later, and does replace one that does not', async () => {
    const { store, other, name } = setUp();
    await store.write(name, { key: 'k', bytes: Buffer.from('B'), expiresAtMs: START_MS + 2 * MINUTE_MS });
    await other.write(name, { key: 'k', bytes: Buffer.from('A'), expiresAtMs: START_MS + MINUTE_MS });
    expect(await read(store, name)).toEqual([...Buffer.from('B')]);
    await other.write(name, { key: 'k', bytes: Buffer.from('C'), expiresAtMs: START_MS + 3 * MINUTE_MS });
    expect(await read(store, name)).toEqual([...Buffer.from('C')]);
  });

  test('processes whose clocks are a day apart agree on what expires later', async () => {
    const { store, name, pttl } = setUp();
    const ahead = setUp({ now: () => START_MS + 24 * HOUR_MS }).store;
    await store.write(name, { key: 'k', bytes: Buffer.from('long'), expiresAtMs: START_MS + HOUR_MS });
    await ahead.write(name, { key: 'k', bytes: Buffer.from('short'), expiresAtMs: START_MS + 24 * HOUR_MS + MINUTE_MS });
    expect(await read(store, name)).toEqual([...Buffer.from('long')]);
    await ahead.write(name, { key: 'k', bytes: Buffer.from('longer'), expiresAtMs: START_MS + 26 * HOUR_MS });
    expect(await pttl()).toBeLessThanOrEqual(2 * HOUR_MS);
  });

  test('a deleted entry is gone, and one that never was can be deleted', async () => {
    const { store, name, pttl } = setUp();
    await store.write(name, { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: START_MS + HOUR_MS });
    await store.delete(name);
    expect(await pttl()).toBe(ABSENT);
    await store.delete(name);
  });

  test('what is not base64 to the letter is a miss and an event', async () => {
    const { store, name } = setUp();
    const failures = listenTo('store-failure');
    await backend.command(`SET client-credentials:{${name}} no-base64`);
    expect(await store.read(name, { key: 'k' })).toBeUndefined();
    await backend.command(`SET client-credentials:{${name}} QR==`);
    expect(await store.read(name, { key: 'k' })).toBeUndefined();
    const failure = { cache: 'redis', entry: name, operation: 'read', error: 'corrupt' };
    expect(failures).toEqual([failure, failure]);
  });

  test('a value without an end is foreign, and is replaced', async () => {
    const { store, name, pttl } = setUp();
    await backend.command(`SET client-credentials:{${name}} eternal`);
    await store.write(name, { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: START_MS + HOUR_MS });
    expect(await read(store, name)).toEqual([...Buffer.from('entry')]);
    expect(await pttl()).toBeGreaterThan(0);
  });

  test('a value of another type is a miss and an event, and gives way to the next write', async () => {
    const { store, name } = setUp();
    const failures = listenTo('store-failure');
    await backend.command(`LPUSH client-credentials:{${name}} item`);
    expect(await store.read(name, { key: 'k' })).toBeUndefined();
    expect(failures).toEqual([{ cache: 'redis', entry: name, operation: 'read', error: 'corrupt' }]);
    await store.write(name, { key: 'k', bytes: Buffer.from('entry'), expiresAtMs: START_MS + HOUR_MS });
    expect(await read(store, name)).toEqual([...Buffer.from('entry')]);
  });

  /** Two stores over one server, and a name that no other test uses. */
  function setUp(options: { now?: () => number; keyPrefix?: string; timeoutMs?: number } = {}) {
    const name = freshName();
    const create = () => redisStore({ client: backend.client, now: () => START_MS, timeoutMs: 10 * SECOND_MS, ...options });
    const pttl = async () => Number((await backend.command(`PTTL client-credentials:{${name}}`)).slice(1));
    return { store: create(), other: create(), name, pttl };
  }
});

async function read(store: ReturnType<typeof redisStore>, name: string): Promise<number[] | undefined> {
  const bytes = await store.read(name, { key: 'k' });
  return bytes && [...bytes];
}

let names = 0;
function freshName(): string {
  names += 1;
  return `entry-${names}`;
}

/** What PTTL replies for a key that is not there. */
const ABSENT = -2;
