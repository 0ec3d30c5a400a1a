/** Leases that nobody uses any more: they are given back, for all others would wait for their end. */
import { expect, test, vi } from 'vitest';
import { createSharing } from './sharing.ts';
import { createSource, settled, unexpected, value } from './support.ts';

test('a lease is given back though the store failed in flight and is left alone', async () => {
  const { store, join } = createSharing();
  const source = createSource();
  const holder = join();
  const first = holder.get('key', source);
  await vi.waitUntil(() => source.calls.length === 1);
  // Another key's read finds the store down, and the circuit opens.
  store.fail(['read']);
  await holder.get('other', { acquire: async () => value('other') });
  source.calls[0]?.resolve(value('unshared'));
  expect(await first).toEqual(value('unshared'));
  await settled();
  expect(store.leases.size).toBe(0);
});

test('a lease that is granted when nobody waits for it any longer is given back', async () => {
  const { store, join } = createSharing();
  store.hang(['lease']);
  const cache = join({ storeTimeoutMs: 20 });
  expect(await cache.get('key', { acquire: async () => value('unshared') })).toEqual(value('unshared'));
  store.resume();
  await settled();
  expect(store.calls.release).toBe(1);
  expect(store.leases.size).toBe(0);
});

test('a rejected value is not removed by who has no lease, since its holder may just have replaced it', async () => {
  const { store, join, leave, wake } = createSharing();
  leave('key', value('revoked'));
  const [holder, other] = [join(), join()];
  const rejected = { holder: await holder.get('key', { acquire: unexpected }), other: await other.get('key', { acquire: unexpected }) };
  const source = createSource();
  const renewing = holder.get('key', { ...source, rejected: rejected.holder });
  await vi.waitUntil(() => source.calls.length === 1);
  leave('key', value('revoked'));
  const waiting = other.get('key', { acquire: unexpected, rejected: rejected.other });
  await vi.waitUntil(() => store.calls.lease === 2);
  expect(store.calls.delete).toBe(1);

  source.calls[0]?.resolve(value('renewed'));
  await settled();
  await wake();
  expect(await renewing).toEqual(value('renewed'));
  expect(await waiting).toEqual(value('renewed'));
});
