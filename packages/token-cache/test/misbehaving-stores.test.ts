/** Stores that answer with something else than they should: a miss, an event, and no call fails for it. */
import type { Store } from '@client-credentials/token-cache';
import { describe, expect, test } from 'vitest';
import { listenTo } from './listening.ts';
import { withoutExtras } from './memory-store.ts';
import { createSharing } from './sharing.ts';
import { settled, unexpected, value } from './support.ts';

describe.each<[string, unknown]>([
  ['null', null],
  ['a text', 'bytes'],
  ['a number', 0],
  ['a list', [0xc1, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ['false', false],
  ['an object', {}],
])('a store that answers %s', (_what, answer) => {
  test('to a read has nothing', async () => {
    const { store, join } = createSharing();
    const odd = { ...withoutExtras(store), read: async () => answer } as Store;
    const failures = listenTo('store-failure');
    expect((await join({ store: odd }).get('key', { acquire: async () => value('acquired') })).name).toBe('acquired');
    expect(failures.map(({ operation, error }) => [operation, error])).toEqual(answer === null ? [] : [['read', 'corrupt']]);
  });

  test('to a lease grants none, or has granted it to another', async () => {
    const { store, join, leave, wake } = createSharing();
    const odd = { ...withoutExtras(store), lease: async () => answer } as Store;
    const getting = join({ store: odd }).get('key', { acquire: async () => value('acquired') });
    await settled();
    leave('key', value('left'));
    await wake();
    expect((await getting).name).toBe(answer === null ? 'left' : 'acquired');
    await settled();
  });

  test('to a lease too late harms nobody', async () => {
    const { store, join } = createSharing();
    let answerNow: (answer: unknown) => void = () => {};
    const late = new Promise((resolve) => {
      answerNow = resolve;
    });
    const odd = { ...withoutExtras(store), lease: () => late } as Store;
    const cache = join({ store: odd, storeTimeoutMs: 10 });
    expect((await cache.get('key', { acquire: async () => value('acquired') })).name).toBe('acquired');
    answerNow(answer);
    await settled();
  });
});

test('a store whose operations give no promise is as good as one whose do', async () => {
  const { store, join } = createSharing();
  const kept = new Map<string, Uint8Array>();
  const plain = {
    read: (name: string) => kept.get(name),
    write: (name: string, { bytes }: { bytes: Uint8Array }) => void kept.set(name, bytes),
    delete: (name: string) => void kept.delete(name),
    lease: () => ({ renew: () => true, release: () => {} }),
  } as unknown as Store;
  await join({ store: plain }).get('key', { acquire: async () => value('shared') });
  await settled();
  expect((await join({ store: plain }).get('key', { acquire: unexpected })).name).toBe('shared');
  expect(store.calls.read).toBe(0);
});

test('thousands of operations at once are done some at a time, and a store that answers each in its time is not taken for dead', async () => {
  const { store, join } = createSharing();
  let [now, most] = [0, 0];
  const busy: Store = {
    ...withoutExtras(store),
    read: async (name, context) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return store.read(name, context);
    },
  };
  const circuit = listenTo('circuit');
  const cache = join({ store: busy });
  const keys = Array.from({ length: 3_000 }, (_, index) => `${index}`);
  await Promise.all(keys.map((key) => cache.get(key, { acquire: async () => value(key) })));
  expect([most, circuit]).toEqual([64, []]);
  await cache.close();
});
