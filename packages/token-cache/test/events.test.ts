/** What a cache tells whoever listens: each event with its fields, in order, and nothing that is secret. */
import { channel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { createTokenCache, type TokenCacheEvents } from '@client-credentials/token-cache';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { entryName } from '../src/entry-name.ts';
import { createSharing } from './sharing.ts';
import { createClock, createSource, DUE_MS, HOUR_MS, SECOND_MS, settled, unexpected, type Value, value } from './support.ts';

const NAMES: readonly (keyof TokenCacheEvents)[] = [
  'hit',
  'due',
  'miss',
  'flight-start',
  'flight-end',
  'lease',
  'eviction',
  'store-failure',
  'circuit',
];

let seen: [string, unknown][] = [];
const listeners = NAMES.map(
  (name) => [`client-credentials:token-cache:${name}`, (event: unknown) => void seen.push([name, event])] as const,
);

beforeEach(() => {
  seen = [];
  for (const [name, listener] of listeners) channel(name).subscribe(listener);
});

afterEach(() => {
  for (const [name, listener] of listeners) channel(name).unsubscribe(listener);
});

test('a miss, its flight, hits by peek and by get, and a due value with its flight in the background', async () => {
  const clock = createClock();
  const cache = createTokenCache<Value>({ now: clock.now, policy: { jitter: 0 }, name: 'tokens' });
  const of = { cache: 'tokens', entry: entryName('key') };
  const first = cache.get('key', {
    acquire: async () => {
      clock.nowMs += 20;
      return value('first');
    },
  });
  await first;
  cache.peek('key');
  await cache.get('key', { acquire: unexpected });
  clock.nowMs += DUE_MS;
  cache.peek('key');
  await cache.get('key', { acquire: () => Promise.reject(new TypeError('a message that may hold anything')) });
  await settled();
  await cache.get('key', { acquire: unexpected });
  expect(seen).toEqual([
    ['miss', { ...of, reason: 'absent' }],
    ['flight-start', { ...of, background: false }],
    ['flight-end', { ...of, outcome: 'acquired', durationMs: 20 }],
    ['hit', of],
    ['hit', of],
    ['flight-start', { ...of, background: true }],
    ['due', { ...of, refreshing: true }],
    ['flight-end', { ...of, outcome: 'failed', error: 'TypeError', durationMs: 0 }],
    ['due', { ...of, refreshing: false }],
  ]);
});

test('why a call had to wait: nothing there, expired, rejected, forced', async () => {
  const clock = createClock();
  const cache = createTokenCache<Value>({ now: clock.now });
  const get = (options: object = {}): Promise<Value> =>
    cache.get('key', { acquire: async () => value('any', { atMs: clock.nowMs }), ...options });
  await get();
  clock.nowMs += HOUR_MS;
  const rejected = await get();
  await get({ rejected });
  await get({ forceRefresh: true });
  expect(eventsOf('miss').map(({ reason }) => reason)).toEqual(['absent', 'expired', 'rejected', 'forced']);
});

test('what left to make room, and why', async () => {
  const clock = createClock();
  const cache = createTokenCache<Value>({ now: clock.now, maxEntries: 2, maxBytes: 100, sizeOf: ({ name }) => name.length });
  const put = (key: string, name: string, lifetimeMs = HOUR_MS): Promise<Value> =>
    cache.get(key, { acquire: async () => value(name, { lifetimeMs }) });
  await put('a', 'x', SECOND_MS);
  clock.nowMs += SECOND_MS;
  for (const [key, bytes] of [
    ['b', 10],
    ['c', 10],
    ['d', 20],
    ['e', 90],
    ['f', 200],
  ] as const)
    await put(key, 'x'.repeat(bytes));
  expect(eventsOf('eviction').map(({ entry, reason }) => [entry, reason])).toEqual([
    [entryName('a'), 'expired'],
    [entryName('b'), 'entries'],
    [entryName('c'), 'entries'],
    [entryName('d'), 'bytes'],
    [entryName('f'), 'bytes'],
  ]);
});

test('a lease held by another, taken, and given back, and a value found', async () => {
  const { join, wake } = createSharing();
  const source = createSource();
  const first = join({ name: 'first' }).get('key', source);
  await settled();
  const second = join({ name: 'second' }).get('key', { acquire: unexpected });
  await settled();
  source.calls[0]?.resolve(value('made'));
  await first;
  await settled();
  await wake();
  await second;
  await settled();
  expect(eventsOf('lease').map(({ cache, state }) => [cache, state])).toEqual([
    ['first', 'taken'],
    ['second', 'held'],
    ['first', 'released'],
  ]);
  expect(eventsOf('flight-end').map(({ cache, outcome }) => [cache, outcome])).toEqual([
    ['first', 'acquired'],
    ['second', 'found'],
  ]);
});

test('a store that fails, and the circuit that opens and closes', async () => {
  const { clock, store, join } = createSharing();
  const cache = join();
  const get = (key: string): Promise<Value> => cache.get(key, { acquire: async () => value(key, { atMs: clock.nowMs }) });
  store.fail();
  await get('a');
  await get('b');
  await settled();
  store.resume();
  clock.nowMs += 30 * SECOND_MS;
  await get('c');
  await settled();
  expect(eventsOf('store-failure').map(({ entry, operation, error }) => [entry, operation, error])).toEqual([
    [entryName('a'), 'read', 'ECONNREFUSED'],
  ]);
  expect(eventsOf('circuit')).toEqual([
    { cache: 'token-cache', state: 'open' },
    { cache: 'token-cache', state: 'closed' },
  ]);
});

test('no event holds a key, a value, or the message of an error', async () => {
  const { store, join } = createSharing();
  const cache = join({ maxEntries: 1 });
  const error = new Error('marker in a message');
  store.fail(['write'], error);
  const marked = value('marker in a value');
  await cache.get('marker in a key', { acquire: async () => marked, tags: ['marker in a tag'], refusalKey: 'marker in a refusal key' });
  await cache.get('marker in another key', { acquire: async () => marked });
  cache.peek('marker in another key');
  await expect(cache.get('marker', { acquire: () => Promise.reject(error) })).rejects.toBe(error);
  await settled();
  expect(new Set(seen.map(([name]) => name)).size).toBeGreaterThan(5);
  expect(inspect(seen, { depth: null, showHidden: true })).not.toContain('marker');
});

function eventsOf<N extends keyof TokenCacheEvents>(name: N): TokenCacheEvents[N][] {
  return seen.filter(([channelName]) => channelName === name).map(([, event]) => event as TokenCacheEvents[N]);
}
