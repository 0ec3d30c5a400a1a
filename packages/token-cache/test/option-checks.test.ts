/** What is handed in as a store, a client or keys, and is none: refused at once, by name, and without showing what it holds. */
import { createTokenCache } from '@client-credentials/token-cache';
import { encrypted } from '@client-credentials/token-cache/encrypted';
import { layered } from '@client-credentials/token-cache/layered';
import { redisStore } from '@client-credentials/token-cache/redis';
import { expect, test } from 'vitest';
import { MemoryStore } from './memory-store.ts';
import { CODEC } from './sharing.ts';
import type { Value } from './support.ts';

const store = new MemoryStore();
const keys = [{ id: 'k', key: new Uint8Array(32) }];

test.each<[string, () => unknown, string]>([
  ['no store to encrypt', () => encrypted(undefined as never, keys), 'store is undefined, expected a store'],
  ['a store to encrypt that cannot read', () => encrypted({} as never, keys), 'store.read is undefined, expected a function'],
  ['a key in place of a list', () => encrypted(store, keys[0] as never), 'keys is of type object, expected a list of keys'],
  ['null in the list of keys', () => encrypted(store, [null as never]), 'keys[0] is null, expected an id and a key'],
  [
    'a gap in the list of keys',
    () => encrypted(store, Object.assign([...keys], { 2: keys[0] }) as never),
    'keys[1] is undefined, expected an id and a key',
  ],
  ['a text in the list of keys', () => encrypted(store, ['a secret' as never]), 'keys[0].id is of type undefined, expected a text'],
  ['no far store', () => layered({ near: store } as never), 'far is undefined, expected a store'],
  ['a near store that cannot read', () => layered({ near: {} as never, far: store }), 'near.read is undefined, expected a function'],
  ['a text as a time limit', () => layered({ near: store, far: store, timeoutMs: '500' as never }), 'timeoutMs is 500, expected a number'],
  ['the maker of a client', () => redisStore({ client: () => {} }), 'client is a function, expected a connected client'],
  [
    'a store without leases that says so with null',
    () => createTokenCache<Value>({ codec: CODEC, store: Object.assign(new MemoryStore(), { lease: null }) as never }),
    'store.lease is null, expected a function, or nothing',
  ],
  ['a text as a time', () => createTokenCache({ refusalMs: '60000' as never }), 'refusalMs is 60000, expected a number'],
  [
    'a codec that is none',
    () => createTokenCache<Value>({ store, codec: Object.create(null) }),
    'codec is an object, expected an object with',
  ],
])('%s', (_what, create, message) => {
  expect(create).toThrow(expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(message) }));
});

test('a call without acquire is refused', async () => {
  await expect(createTokenCache().get('key', {} as never)).rejects.toMatchObject({
    code: 'invalid_option',
    message: 'acquire is undefined, expected a function',
  });
});
