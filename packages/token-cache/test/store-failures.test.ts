/** A store that lies, fails or hangs: each call goes on as if nothing were there, and a failed store is left alone for a while. */
import { describe, expect, test, vi } from 'vitest';
import { entryName } from '../src/entry-name.ts';
import { buildEnvelope } from '../src/envelope.ts';
import { fakeTimers } from './fake-timers.ts';
import { StoreDown } from './memory-store.ts';
import { CODEC, createSharing, inStore } from './sharing.ts';
import { HOUR_MS, SECOND_MS, START_MS, settled, unexpected, type Value, value } from './support.ts';

const NAME = entryName('key');
const GOOD = value('good');

describe('what lies under the name of a key, and is not its value, is removed and acquired anew:', () => {
  const expiresAtMs = GOOD.expiresAtMs;
  const payload = CODEC.encode(GOOD);
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['noise', Buffer.from('noise')],
    ['a value without its envelope', payload],
    ['the value of another key', buildEnvelope('other', { expiresAtMs, payload })],
    ['the value of a key that begins alike', buildEnvelope('key ', { expiresAtMs, payload })],
    ['a payload the codec does not know', buildEnvelope('key', { expiresAtMs, payload: Buffer.from('{}') })],
    ['an envelope with another expiry than its value', buildEnvelope('key', { expiresAtMs: expiresAtMs + 1, payload })],
    [
      'an envelope of another version',
      Uint8Array.from(buildEnvelope('key', { expiresAtMs, payload }), (byte, index) => (index === 0 ? byte + 1 : byte)),
    ],
  ])('%s', async (_what, bytes) => {
    const { store, join } = createSharing();
    // It claims to live longer than what is to replace it.
    store.entries.set(NAME, { bytes, expiresAtMs: START_MS + 24 * HOUR_MS });
    const cache = join();
    expect(await cache.get('key', { acquire: async () => GOOD })).toBe(GOOD);
    await settled();
    expect(inStore(store, 'key')).toEqual(GOOD);
  });
});

describe('a store that fails', () => {
  test.each(['read', 'lease', 'write', 'delete', 'renew', 'release'] as const)('at %s costs no call its value', async (operation) => {
    const { store, join } = createSharing();
    store.fail([operation]);
    expect((await join().get('key', { acquire: async () => value('acquired') })).name).toBe('acquired');
    await settled();
  });

  test('by throwing instead of rejecting costs none either', async () => {
    const { join } = createSharing();
    const thrower = (): never => {
      throw new StoreDown();
    };
    const store = { read: thrower, write: thrower, delete: thrower, lease: thrower };
    expect((await join({ store }).get('key', { acquire: async () => value('acquired') })).name).toBe('acquired');
  });

  test('at reading is asked for nothing more, but for a look behind the back of one caller every 30 s', async () => {
    const { clock, store, join, leave } = createSharing();
    store.fail();
    const cache = join();
    const get = async (key: string): Promise<Value> => {
      const got = await cache.get(key, { acquire: async () => value('acquired', { atMs: clock.nowMs }) });
      await settled();
      return got;
    };
    await get('a');
    await get('b');
    expect(store.calls).toMatchObject({ read: 1, write: 0, lease: 0 });
    clock.nowMs += 30 * SECOND_MS;
    await get('c');
    await get('d');
    expect(store.calls).toMatchObject({ read: 2, write: 0, lease: 0 });

    store.resume();
    leave('f', value('left'));
    clock.nowMs += 30 * SECOND_MS;
    expect((await get('e')).name).toBe('acquired');
    expect((await get('f')).name).toBe('left');
  });

  test('and hangs is given up after a second, for all who wait at once, and then asked for nothing more', async () => {
    fakeTimers('setTimeout', 'clearTimeout');
    const { store, join } = createSharing();
    store.hang();
    const cache = join();
    const waiting = ['a', 'b', 'c'].map((key) => cache.get(key, { acquire: async () => value(key) }));
    await vi.advanceTimersByTimeAsync(999);
    expect([cache.size, store.calls.read]).toEqual([0, 3]);
    await vi.advanceTimersByTimeAsync(1);
    expect((await Promise.all(waiting)).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect((await cache.get('d', { acquire: async () => value('d') })).name).toBe('d');
    expect(store.calls).toMatchObject({ read: 3, lease: 0, write: 0 });
  });

  test('while a lease is held costs the flight nothing', async () => {
    const { store, join } = createSharing();
    const cache = join();
    const waiting = cache.get('key', {
      acquire: async () => {
        store.fail();
        return value('acquired');
      },
    });
    expect((await waiting).name).toBe('acquired');
    await cache.close();
  });

  test('lets the value in memory be used and refreshed as ever', async () => {
    const { clock, store, join } = createSharing();
    const cache = join();
    await cache.get('key', { acquire: async () => value('first') });
    await settled();
    store.fail();
    clock.nowMs += HOUR_MS - 6 * 60 * SECOND_MS;
    expect((await cache.get('key', { acquire: async () => value('second', { atMs: clock.nowMs }) })).name).toBe('first');
    await settled();
    expect((await cache.get('key', { acquire: unexpected })).name).toBe('second');
  });
});
