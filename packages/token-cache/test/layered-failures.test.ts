/** One store over another while one or both of them fail, hang, or come back. */
import { createTokenCache, type Store, type TokenCache } from '@client-credentials/token-cache';
import { describe, expect, test } from 'vitest';
import { pass } from './circuits.ts';
import { createLayers, EXPIRES_AT_MS, entry, type Layers, textIn } from './layers.ts';
import { listenTo } from './listening.ts';
import { StoreDown } from './memory-store.ts';
import { CODEC } from './sharing.ts';
import { unexpected, type Value, value } from './support.ts';

const TIMEOUT_MS = 300;
const RETRY_AFTER_MS = 30_000;

describe('a far store that fails', () => {
  test('fails no read: what is near is given, and otherwise nothing', async () => {
    const failures = listenTo('store-failure');
    const circuit = listenTo('circuit');
    const { near, far, store } = createLayers();
    far.fail();
    expect(await textIn(store)).toBeUndefined();
    expect(failures).toEqual([{ cache: 'layered', entry: 'name', operation: 'read', error: 'ECONNREFUSED' }]);
    expect(circuit).toEqual([{ cache: 'layered', state: 'open' }]);

    await near.write('name', entry('near'));
    expect(await textIn(store)).toBe('near');
  });

  test('fails no write that the near store takes', async () => {
    const failures = listenTo('store-failure');
    const { near, far, store } = createLayers();
    far.fail();
    await store.write('name', entry('near'));
    expect(await textIn(near)).toBe('near');
    expect(failures).toEqual([{ cache: 'layered', entry: 'name', operation: 'write', error: 'ECONNREFUSED' }]);
  });

  test('is asked for nothing while it is left alone, then for one read, and from then on as before', async () => {
    const circuit = listenTo('circuit');
    const { clock, far, store } = createLayers();
    far.fail();
    await textIn(store);
    const calls = { ...far.calls };
    clock.nowMs += RETRY_AFTER_MS - 1;
    for (let time = 0; time < 10; time += 1) {
      await textIn(store);
      await store.write('name', entry('near'));
      await store.lease?.('name', 5_000);
    }
    expect(far.calls).toEqual(calls);

    far.resume();
    await far.write('other', entry('far'));
    clock.nowMs += 1;
    expect(await store.read('other', { key: 'key' })).toBeUndefined();
    await pass(0);
    expect(await store.read('other', { key: 'key' })).toEqual(far.entries.get('other')?.bytes);
    expect(circuit).toEqual([
      { cache: 'layered', state: 'open' },
      { cache: 'layered', state: 'closed' },
    ]);
  });

  test.each<['read' | 'write' | 'lease', (store: Store) => Promise<unknown> | undefined]>([
    ['read', (store) => textIn(store)],
    ['write', (store) => store.write('name', entry('near'))],
    ['lease', (store) => store.lease?.('name', 5_000)],
  ])('that hangs on a %s costs its time once, whatever it is asked for from then on', async (operation, ask) => {
    const failures = listenTo('store-failure');
    const { far, store } = createLayers();
    far.hang();
    const first = ask(store);
    await pass(TIMEOUT_MS);
    await first;
    expect(failures).toEqual([{ cache: 'layered', entry: 'name', operation, error: 'store_timeout' }]);

    // None of these would come to an end if it waited: the time stands still.
    const calls = { ...far.calls };
    await textIn(store);
    await store.write('name', entry('near'));
    await store.lease?.('name', 5_000);
    expect(far.calls).toEqual(calls);
  });
});

describe('a near store that fails', () => {
  test('fails no read: what is far is given, though it cannot be copied', async () => {
    const failures = listenTo('store-failure');
    const circuit = listenTo('circuit');
    const { near, far, store } = createLayers();
    await far.write('name', entry('far'));
    near.fail();
    expect(await textIn(store)).toBe('far');
    expect(failures).toMatchObject([{ cache: 'layered-near', operation: 'read', error: 'ECONNREFUSED' }]);
    expect(circuit).toEqual([{ cache: 'layered-near', state: 'open' }]);
  });

  test('fails no write that the far store takes', async () => {
    const failures = listenTo('store-failure');
    const { near, far, store } = createLayers();
    near.fail();
    await store.write('name', entry('far'));
    expect(await textIn(far)).toBe('far');
    expect(failures).toMatchObject([{ cache: 'layered-near', operation: 'write' }]);
  });

  test('that hangs costs its time once', async () => {
    const { near, far, store } = createLayers();
    await far.write('name', entry('far'));
    near.hang();
    const first = textIn(store);
    await pass(TIMEOUT_MS);
    expect(await first).toBe('far');
    expect(await textIn(store)).toBe('far');
    expect(near.calls.read).toBe(1);
  });

  test('that only cannot write costs no read', async () => {
    const { near, far, store } = createLayers();
    await far.write('name', entry('far'));
    near.fail(['write']);
    expect(await textIn(store)).toBe('far');
    expect(await textIn(store)).toBe('far');
    expect(near.calls).toMatchObject({ read: 2, write: 2 });
  });
});

describe('when both fail', () => {
  test('a read finds nothing, and a write fails as the far store does', async () => {
    const { near, far, store } = createLayers();
    near.fail();
    far.fail(undefined, new Error('the far store is down'));
    await expect(store.write('name', entry('lost'))).rejects.toThrow('the far store is down');
    expect(await textIn(store)).toBeUndefined();
  });

  test('and both hang, a read has both times to wait and no more', async () => {
    const { near, far, store } = createLayers();
    near.hang();
    far.hang();
    const first = textIn(store);
    await pass(TIMEOUT_MS);
    await pass(TIMEOUT_MS);
    expect(await first).toBeUndefined();
    expect(await textIn(store)).toBeUndefined();
  });
});

describe('a deletion', () => {
  test.each(['near', 'far'] as const)('fails when the %s store does, after the other has done it', async (which) => {
    const failures = listenTo('store-failure');
    const { store, ...layers } = createLayers();
    await store.write('name', entry('both'));
    layers[which].fail(['delete']);
    await expect(store.delete('name')).rejects.toEqual(new StoreDown());
    expect(layers[which].entries.size).toBe(1);
    expect(layers[which === 'near' ? 'far' : 'near'].entries.size).toBe(0);
    expect(failures).toMatchObject([{ cache: which === 'near' ? 'layered-near' : 'layered', operation: 'delete', error: 'ECONNREFUSED' }]);
  });

  test('is tried on a store that is left alone, within the time', async () => {
    const { near, far, store } = createLayers();
    await near.write('name', entry('near'));
    far.fail(['read']);
    await textIn(store, { beyondMs: EXPIRES_AT_MS });
    await store.delete('name');
    expect(far.calls.delete).toBe(1);

    far.hang();
    const outcome = expect(store.delete('name')).rejects.toMatchObject({ code: 'store_timeout' });
    await pass(TIMEOUT_MS);
    await outcome;
  });
});

describe('a cache over it', () => {
  test('does not give up the near store because the far one hangs', async () => {
    const circuit = listenTo('circuit');
    const { far, create } = createCaches();
    far.hang();
    const first = create().get('key', { acquire: async () => value('token') });
    await pass(TIMEOUT_MS);
    expect(await first).toEqual(value('token'));
    await pass(0);
    expect(await create().get('key', { acquire: unexpected })).toEqual(value('token'));
    expect(circuit).toEqual([{ cache: 'layered', state: 'open' }]);
  });

  test('is served though all it takes to read past the near store is as slow as it may be', async () => {
    const { near, far, create } = createCaches();
    const circuit = listenTo('circuit');
    await create().get('key', { acquire: async () => value('token') });
    await pass(0);
    near.entries.clear();
    near.hang(['read', 'write']);
    far.hang(['read']);
    const found = create().get('key', { acquire: unexpected });
    await pass(TIMEOUT_MS - 2);
    near.resume(['read']);
    await pass(TIMEOUT_MS - 2);
    far.resume();
    await pass(TIMEOUT_MS - 2);
    near.resume();
    expect(await found).toEqual(value('token'));
    expect(circuit).toEqual([]);
  });

  test('nor itself when both hang, since both are given up within the time it allows', async () => {
    const circuit = listenTo('circuit');
    const { near, far, create } = createCaches();
    near.hang();
    far.hang();
    const first = create().get('key', { acquire: async () => value('token') });
    await pass(TIMEOUT_MS);
    await pass(TIMEOUT_MS);
    expect(await first).toEqual(value('token'));
    await pass(0);
    expect(circuit.map(({ cache }) => cache)).toEqual(['layered-near', 'layered']);
  });
});

/** Each made is another process over the same two stores. */
function createCaches(): Layers & { create: () => TokenCache<Value> } {
  const layers = createLayers();
  return { ...layers, create: () => createTokenCache({ now: layers.clock.now, store: layers.store, codec: CODEC }) };
}
