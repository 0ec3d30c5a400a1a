/** Whose lease one gets from one store over another. */
import { layered } from '@client-credentials/token-cache/layered';
import { expect, test } from 'vitest';
import { pass } from './circuits.ts';
import { createLayers, textIn } from './layers.ts';
import { listenTo } from './listening.ts';
import { MemoryStore, withoutExtras } from './memory-store.ts';
import { createClock } from './support.ts';

const TTL_MS = 5_000;

test("a lease is the far store's, renewed and given back there", async () => {
  const { clock, near, far, store } = createLayers();
  const lease = await store.lease?.('name', TTL_MS);
  expect([near.leases.size, far.leases.size]).toEqual([0, 1]);
  clock.nowMs += TTL_MS - 1;
  expect(await lease?.renew()).toBe(true);
  clock.nowMs += TTL_MS - 1;
  expect(await far.lease('name', TTL_MS)).toBeUndefined();
  await lease?.release();
  expect(far.leases.size).toBe(0);
  expect(await lease?.renew()).toBe(false);
});

test('a lease that another holds is not to be had, and the near store is not asked for one', async () => {
  const { near, far, store } = createLayers();
  await far.lease('name', TTL_MS);
  expect(await store.lease?.('name', TTL_MS)).toBeUndefined();
  expect(near.calls.lease).toBe(0);
});

test('while the far store fails, the near one grants leases', async () => {
  const failures = listenTo('store-failure');
  const { near, far, store } = createLayers();
  far.fail();
  const lease = await store.lease?.('name', TTL_MS);
  expect(near.leases.size).toBe(1);
  expect(failures).toEqual([{ cache: 'layered', entry: 'name', operation: 'lease', error: 'ECONNREFUSED' }]);
  expect(await store.lease?.('name', TTL_MS)).toBeUndefined();
  expect(await lease?.renew()).toBe(true);
  await lease?.release();
  expect(near.leases.size).toBe(0);
});

test('while the far store is left alone it is not asked for a lease', async () => {
  const { near, far, store } = createLayers();
  far.fail(['read']);
  await textIn(store);
  await store.lease?.('name', TTL_MS);
  expect(far.calls.lease).toBe(0);
  expect(near.leases.size).toBe(1);
});

test('when no store grants any, everybody gets one', async () => {
  const { near, far, store } = createLayers();
  near.fail();
  far.fail();
  for (let holder = 0; holder < 2; holder += 1) {
    const lease = await store.lease?.('name', TTL_MS);
    expect(await lease?.renew()).toBe(true);
    await lease?.release();
  }
});

test.each([
  ['far', (granting: MemoryStore) => ({ near: withoutExtras(new MemoryStore()), far: granting })],
  ['near', (granting: MemoryStore) => ({ near: granting, far: withoutExtras(new MemoryStore()) })],
])("if only the %s store grants leases, they are that store's, and everybody gets one when it fails", async (_which, stores) => {
  const { now } = createClock();
  const granting = new MemoryStore({ now });
  const store = layered({ ...stores(granting), now });
  expect(await store.lease?.('name', TTL_MS)).toBeDefined();
  expect(granting.leases.size).toBe(1);
  expect(await store.lease?.('name', TTL_MS)).toBeUndefined();

  granting.fail();
  expect(await store.lease?.('name', TTL_MS)).toBeDefined();
});

test('if neither store grants leases, nor does the one over the other', () => {
  const bare = withoutExtras(new MemoryStore());
  expect(layered({ near: bare, far: bare }).lease).toBeUndefined();
});

test('a renewal or a release that hangs is given up, and is an event', async () => {
  const failures = listenTo('store-failure');
  const circuit = listenTo('circuit');
  const { far, store } = createLayers();
  const leases = [await store.lease?.('name', TTL_MS), await store.lease?.('other', TTL_MS)];
  far.hang();
  const outcomes = Promise.allSettled([leases[0]?.renew(), leases[1]?.release()]);
  await pass(300);
  expect(await outcomes).toMatchObject([
    { status: 'rejected', reason: { code: 'store_timeout' } },
    { status: 'rejected', reason: { code: 'store_timeout' } },
  ]);
  expect(failures).toEqual([
    { cache: 'layered', entry: 'name', operation: 'renew', error: 'store_timeout' },
    { cache: 'layered', entry: 'other', operation: 'release', error: 'store_timeout' },
  ]);
  expect(circuit).toEqual([{ cache: 'layered', state: 'open' }]);
});
