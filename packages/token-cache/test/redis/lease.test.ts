/** Leases in a real Redis, over each kind of client. */
import { redisStore } from '@client-credentials/token-cache/redis';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { startRedis, startRedisCluster } from '../../../../test/support/redis-server.ts';
import { MINUTE_MS, SECOND_MS } from '../support.ts';
import { type Backend, CLIENT_KINDS, createBackends } from './clients.ts';

const backendOf = createBackends({ startServer: startRedis, startCluster: () => startRedisCluster({ masters: 3 }) });

describe.each(CLIENT_KINDS)('with a client of $kind', (kind) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await backendOf(kind);
  });

  test('of many who ask at once one gets the lease, and others do not until it is released', async () => {
    const { store, name } = setUp();
    const leases = await Promise.all(Array.from({ length: 20 }, () => store.lease?.(name, MINUTE_MS)));
    const [lease, ...others] = leases.filter((granted) => granted !== undefined);
    expect(others).toEqual([]);
    await lease?.release();
    expect(await store.lease?.(name, MINUTE_MS)).toBeDefined();
  });

  test('a lease lies beside the entry, on the same node, for its time', async () => {
    const { store, name, pttl } = setUp();
    await store.lease?.(name, MINUTE_MS);
    expect(await pttl()).toBeGreaterThan(0);
    expect(await pttl()).toBeLessThanOrEqual(MINUTE_MS);
    expect(await store.read(name, { key: 'k' })).toBeUndefined();
    const slot = (key: string): Promise<string> => backend.command(`CLUSTER KEYSLOT ${key}`);
    if (kind.isCluster) expect(await slot(`client-credentials:{${name}}:lease`)).toBe(await slot(`client-credentials:{${name}}`));
  });

  test('every owner is another, of 16 random bytes', async () => {
    const { store, name } = setUp();
    const owners = [];
    for (let round = 0; round < 3; round += 1) {
      const lease = await store.lease?.(name, MINUTE_MS);
      owners.push((await backend.command(`GET client-credentials:{${name}}:lease`)).split('\r\n')[1]);
      await lease?.release();
    }
    expect(new Set(owners).size).toBe(3);
    for (const owner of owners) expect(Buffer.from(owner ?? '', 'base64url')).toHaveLength(16);
  });

  test('a renewed lease has its whole time again', async () => {
    const { store, name, pttl } = setUp();
    const lease = await store.lease?.(name, MINUTE_MS);
    await backend.command(`PEXPIRE client-credentials:{${name}}:lease ${MINUTE_MS / 2}`);
    expect(await lease?.renew()).toBe(true);
    expect(await pttl()).toBeGreaterThan(MINUTE_MS / 2);
    expect(await pttl()).toBeLessThanOrEqual(MINUTE_MS);
  });

  test('a lease that ran out is free, and its former owner can neither renew nor release what another holds', async () => {
    const { store, other, name, pttl } = setUp();
    const former = await store.lease?.(name, 20);
    const lease = await vi.waitUntil(() => other.lease?.(name, MINUTE_MS), 10 * SECOND_MS);
    expect(await former?.renew()).toBe(false);
    await former?.release();
    expect(await pttl()).toBeGreaterThan(0);
    expect(await lease.renew()).toBe(true);
  });

  test('a lease that ran out cannot be renewed though nobody took it', async () => {
    const { store, name, pttl } = setUp();
    const lease = await store.lease?.(name, MINUTE_MS);
    await backend.command(`DEL client-credentials:{${name}}:lease`);
    expect(await lease?.renew()).toBe(false);
    await lease?.release();
    expect(await pttl()).toBe(ABSENT);
  });

  test('leases on different names do not meet', async () => {
    const { store, name } = setUp();
    expect(await store.lease?.(name, MINUTE_MS)).toBeDefined();
    expect(await store.lease?.(setUp().name, MINUTE_MS)).toBeDefined();
  });

  /** Two stores over one server, and a name that no other test uses. */
  function setUp() {
    names += 1;
    const name = `entry-${names}`;
    const create = () => redisStore({ client: backend.client, timeoutMs: 10 * SECOND_MS });
    const pttl = async () => Number((await backend.command(`PTTL client-credentials:{${name}}:lease`)).slice(1));
    return { store: create(), other: create(), name, pttl };
  }
});

let names = 0;

/** What PTTL replies for a key that is not there. */
const ABSENT = -2;
