/** The encrypted store between a cache and another store: what it lets through, what it takes for nothing, and how keys are changed. */
import { createTokenCache } from '@client-credentials/token-cache';
import { type EncryptionKey, encrypted } from '@client-credentials/token-cache/encrypted';
import { describe, expect, test } from 'vitest';
import { entryName } from '../src/entry-name.ts';
import { buildEnvelope } from '../src/envelope.ts';
import { buildHeader, FORMATS } from '../src/expiry-header.ts';
import type { Store } from '../src/store.ts';
import { NEW, OLD } from './encryption.ts';
import { listenTo } from './listening.ts';
import { MemoryStore, StoreDown, withoutExtras } from './memory-store.ts';
import { CODEC } from './sharing.ts';
import { type Clock, createClock, HOUR_MS, MINUTE_MS, START_MS, settled, value } from './support.ts';

const EXPIRES_AT_MS = START_MS + HOUR_MS;

interface Setup {
  readonly clock: Clock;
  readonly inner: MemoryStore;
  /** Another process over the same store, with keys of its own. */
  readonly withKeys: (...keys: EncryptionKey[]) => Store;
}

function createSetup(): Setup {
  const clock = createClock();
  const inner = new MemoryStore({ now: clock.now });
  return { clock, inner, withKeys: (...keys) => encrypted(inner, keys, { now: clock.now }) };
}

async function write(store: Store, text: string, { key = 'key', expiresAtMs = EXPIRES_AT_MS } = {}): Promise<void> {
  await store.write(key, { key, bytes: Buffer.from(text), expiresAtMs });
}

async function read(store: Store, key = 'key'): Promise<string | undefined> {
  const bytes = await store.read(key, { key });
  return bytes && Buffer.from(bytes).toString();
}

describe('an entry', () => {
  test('SEC-09: is read as it was written, and lies in the store unreadable', async () => {
    const { inner, withKeys } = createSetup();
    await write(withKeys(OLD), 'a token');
    expect(await read(withKeys(OLD))).toBe('a token');
    expect(Buffer.from(inner.entries.get('key')?.bytes ?? []).includes('token')).toBe(false);
    expect(inner.entries.get('key')?.expiresAtMs).toBe(EXPIRES_AT_MS);
  });

  test('may be empty, and may be large', async () => {
    const { withKeys } = createSetup();
    const store = withKeys(OLD);
    for (const text of ['', 'x'.repeat(5_000_000)]) {
      await write(store, text);
      expect((await read(store)) === text).toBe(true);
    }
  });

  test('is never sealed twice alike', async () => {
    const { inner, withKeys } = createSetup();
    const seen = new Set<string>();
    for (let time = 0; time < 100; time += 1) {
      await write(withKeys(OLD), 'a token');
      seen.add(
        Buffer.from(inner.entries.get('key')?.bytes ?? [])
          .subarray(13, 25)
          .toString('hex'),
      );
    }
    expect(seen.size).toBe(100);
  });

  test('that has expired is a miss and no more', async () => {
    const failures = listenTo('store-failure');
    const { clock, inner, withKeys } = createSetup();
    await write(withKeys(OLD), 'a token');
    // Kept by a store whose clock is slow.
    inner.entries.set('key', { bytes: inner.entries.get('key')?.bytes ?? Buffer.of(), expiresAtMs: Number.POSITIVE_INFINITY });
    clock.nowMs = EXPIRES_AT_MS - 1;
    expect(await read(withKeys(OLD))).toBe('a token');
    clock.nowMs = EXPIRES_AT_MS;
    expect(await read(withKeys(OLD))).toBeUndefined();
    expect(await read(withKeys(NEW))).toBeUndefined();
    expect(inner.calls.delete).toBe(0);
    expect(failures).toEqual([]);
  });
});

describe('what cannot be opened is a miss, an event, and gone:', () => {
  test.each<[string, 'tampered' | 'unknown_key' | 'corrupt', (sealed: Buffer, other: Buffer) => Uint8Array]>([
    ['the entry of another key', 'tampered', (_sealed, other) => other],
    ['a flipped bit of the ciphertext', 'tampered', (sealed) => flipped(sealed, sealed.length - 1)],
    ['a flipped bit of the tag', 'tampered', (sealed) => flipped(sealed, 30)],
    ['a flipped bit of the vector', 'tampered', (sealed) => flipped(sealed, 13)],
    ['a later expiry', 'tampered', (sealed) => overwritten(sealed, 0, buildHeader(FORMATS.sealed, { expiresAtMs: EXPIRES_AT_MS + 1 }))],
    ['the id of another key of the ring', 'tampered', (sealed) => overwritten(sealed, 10, Buffer.from('new'))],
    ['the id of no key of the ring', 'unknown_key', (sealed) => overwritten(sealed, 10, Buffer.from('elf'))],
    ['one cut off', 'corrupt', (sealed) => sealed.subarray(0, 40)],
    ['one of no bytes', 'corrupt', () => Buffer.of()],
    ['one from before encryption', 'corrupt', () => buildEnvelope('key', { expiresAtMs: EXPIRES_AT_MS, payload: Buffer.from('a token') })],
    ['zeros without end', 'corrupt', () => Buffer.alloc(10_000_000)],
  ])('%s, %s', async (_what, error, tamper) => {
    const failures = listenTo('store-failure');
    const { inner, withKeys } = createSetup();
    const store = withKeys(OLD, NEW);
    await write(store, 'a token');
    await write(store, 'another token', { key: 'other' });
    inner.entries.set('key', { bytes: tamper(kept(inner, 'key'), kept(inner, 'other')), expiresAtMs: EXPIRES_AT_MS });

    expect(await read(store)).toBeUndefined();
    expect(failures).toEqual([{ cache: 'encrypted', entry: 'key', operation: 'read', error }]);
    expect([...inner.entries.keys()]).toEqual(['other']);
  });

  test('and only a miss where it cannot be deleted', async () => {
    const { inner, withKeys } = createSetup();
    await write(withKeys(OLD), 'a token');
    inner.fail(['delete']);
    expect(await read(withKeys(NEW))).toBeUndefined();
  });

  test('before the miss is told, so that the next entry is not the one deleted', async () => {
    const { inner, withKeys } = createSetup();
    await write(withKeys(OLD), 'a token', { expiresAtMs: EXPIRES_AT_MS + MINUTE_MS });
    const store = withKeys(NEW);
    inner.hang(['delete']);
    const reading = read(store).then(() => write(store, 'a new token'));
    await settled();
    inner.resume();
    await reading;
    expect(await read(store)).toBe('a new token');
  });
});

describe('a cache over it', () => {
  test('acquires anew for an entry put under another key, and never gives that', async () => {
    const { clock, inner, withKeys } = createSetup();
    const create = () => createTokenCache({ now: clock.now, store: withKeys(OLD), codec: CODEC });
    const cache = create();
    for (const key of ['mine', 'theirs']) await cache.get(key, { acquire: async () => value(`token of ${key}`) });
    const theirs = kept(inner, entryName('theirs'));
    inner.entries.set(entryName('mine'), { bytes: theirs, expiresAtMs: EXPIRES_AT_MS });

    expect(await create().get('mine', { acquire: async () => value('new token') })).toEqual(value('new token'));
    expect(await create().get('theirs', { acquire: async () => value('new token') })).toEqual(value('token of theirs'));
  });
});

describe('a key is changed without losing an entry', () => {
  test('by adding the new one at the end, then moving it to the front, then dropping the old one', async () => {
    const { withKeys } = createSetup();
    const steps = [withKeys(OLD), withKeys(OLD, NEW), withKeys(NEW, OLD), withKeys(NEW)];
    for (const [step, store] of steps.entries()) {
      await write(store, `step ${step}`);
      for (const neighbour of steps.slice(Math.max(step - 1, 0), step + 2)) expect(await read(neighbour)).toBe(`step ${step}`);
    }
  });

  test('but what the dropped key sealed is lost', async () => {
    const failures = listenTo('store-failure');
    const { inner, withKeys } = createSetup();
    await write(withKeys(OLD), 'a token');
    expect(await read(withKeys(NEW))).toBeUndefined();
    expect(failures).toMatchObject([{ error: 'unknown_key' }]);
    expect(inner.entries.size).toBe(0);
  });

  test('and a process that lacks the newest key puts an entry in the place that all can read', async () => {
    const { withKeys } = createSetup();
    const [behind, ahead] = [withKeys(OLD), withKeys(NEW, OLD)];
    await write(ahead, 'theirs', { expiresAtMs: EXPIRES_AT_MS + MINUTE_MS });
    expect(await read(behind)).toBeUndefined();
    await write(behind, 'ours');
    expect(await read(ahead)).toBe('ours');
  });
});

describe('the store below', () => {
  test('is asked what it would be asked without encryption', async () => {
    const { inner, withKeys } = createSetup();
    const store = withKeys(OLD);
    const { signal } = new AbortController();
    await store.read('name', { key: 'key', signal, beyondMs: START_MS });
    expect(inner.lastContext.read).toEqual({ key: 'key', signal, beyondMs: START_MS });
    await store.write('name', { key: 'key', signal, bytes: Buffer.of(), expiresAtMs: EXPIRES_AT_MS });
    expect(inner.lastContext.write).toMatchObject({ key: 'key', signal, expiresAtMs: EXPIRES_AT_MS });
    await store.delete('name');
    expect(inner.entries.size).toBe(0);
    await store.close?.();
    expect(inner.closed).toBe(true);
  });

  test('fails as it fails', async () => {
    const { inner, withKeys } = createSetup();
    const store = withKeys(OLD);
    inner.fail();
    const outcomes = await Promise.allSettled([read(store), write(store, ''), store.delete('name'), store.lease?.('name', 5_000)]);
    expect(outcomes).toEqual(outcomes.map(() => ({ status: 'rejected', reason: new StoreDown() })));
  });

  test('grants the leases, and where it has none there are none', async () => {
    const { inner, withKeys } = createSetup();
    const lease = await withKeys(OLD).lease?.('name', 5_000);
    expect(await withKeys(OLD).lease?.('name', 5_000)).toBeUndefined();
    expect(await lease?.renew()).toBe(true);
    await lease?.release();
    expect(inner.leases.size).toBe(0);

    const bare = encrypted(withoutExtras(inner), [OLD]);
    expect(bare.lease).toBeUndefined();
    expect(bare.close).toBeUndefined();
  });
});

function kept(inner: MemoryStore, name: string): Buffer {
  return Buffer.from(inner.entries.get(name)?.bytes ?? []);
}

function flipped(bytes: Buffer, at: number): Buffer {
  return overwritten(bytes, at, Buffer.of(bytes.readUInt8(at) ^ 1));
}

function overwritten(bytes: Buffer, at: number, part: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at + part.length)]);
}
