/** Metrics of token caches, as OpenTelemetry's SDK receives them. */
import { createTokenCache, type Store } from '@client-credentials/token-cache';
import { expect, onTestFinished, test } from 'vitest';
import { type Point, startTelemetry } from './telemetry.ts';

const HOUR_MS = 3_600_000;

test('look-ups are counted as hit, due and miss, and a miss by its reason', async () => {
  const telemetry = startTelemetry();
  const { cache, clock, acquire } = cacheOf();
  await cache.get('k', { acquire });
  cache.peek('k');
  cache.peek('k');
  clock.nowMs = HOUR_MS - 300_000;
  await cache.get('k', { acquire });
  await cache.get('k', { acquire, forceRefresh: true });
  expect(await telemetry.points('cache.lookups')).toEqual(
    expect.arrayContaining<Point>([
      [{ cache: 'c', outcome: 'miss', reason: 'absent' }, 1],
      [{ cache: 'c', outcome: 'hit' }, 2],
      [{ cache: 'c', outcome: 'due' }, 1],
      [{ cache: 'c', outcome: 'miss', reason: 'forced' }, 1],
    ]),
  );
});

test('flights are counted by how they ended', async () => {
  const telemetry = startTelemetry();
  const { cache, acquire } = cacheOf();
  await cache.get('k', { acquire });
  const failing = Promise.reject(Object.assign(new Error('marker'), { code: 'network' }));
  await expect(cache.get('other', { acquire: () => failing })).rejects.toThrow();
  expect(await telemetry.points('cache.flights')).toEqual([
    [{ cache: 'c', outcome: 'acquired' }, 1],
    [{ cache: 'c', outcome: 'failed', 'error.type': 'network' }, 1],
  ]);
  expect(await telemetry.text()).not.toContain('marker');
});

test('evictions are counted by their reason', async () => {
  const telemetry = startTelemetry();
  const { cache, acquire } = cacheOf();
  for (const key of ['a', 'b', 'c']) await cache.get(key, { acquire });
  expect(await telemetry.points('cache.evictions')).toEqual([[{ cache: 'c', reason: 'entries' }, 1]]);
});

test('failures of a store are counted by operation and error', async () => {
  const telemetry = startTelemetry();
  const fail = async (): Promise<never> => Promise.reject(Object.assign(new Error('marker'), { code: 'ECONNREFUSED' }));
  const { cache, acquire } = cacheOf({ read: fail, write: fail, delete: fail });
  await cache.get('k', { acquire });
  expect(await telemetry.points('cache.store_failures')).toEqual([[{ cache: 'c', operation: 'read', 'error.type': 'ECONNREFUSED' }, 1]]);
  expect(await telemetry.text()).not.toContain('marker');
});

/** A cache with room for two, at the beginning of time; its values last for an hour. */
function cacheOf(store?: Store) {
  const clock = { nowMs: 0 };
  const codec = { encode: (): Uint8Array => new Uint8Array(), decode: () => ({ expiresAtMs: 0 }) };
  const cache = createTokenCache<{ expiresAtMs: number; receivedAtMs?: number }>({
    name: 'c',
    maxEntries: 2,
    now: () => clock.nowMs,
    random: () => 0.5,
    ...(store !== undefined && { store, codec }),
  });
  onTestFinished(() => cache.close());
  return { cache, clock, acquire: async () => ({ receivedAtMs: clock.nowMs, expiresAtMs: clock.nowMs + HOUR_MS }) };
}
