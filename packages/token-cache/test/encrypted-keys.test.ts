/** The key ring: what is refused, what of it can be seen, and that it is the store's own copy. */
import { inspect } from 'node:util';
import { TokenCacheError } from '@client-credentials/token-cache';
import { type EncryptionKey, encrypted } from '@client-credentials/token-cache/encrypted';
import { expect, test } from 'vitest';
import { OLD } from './encryption.ts';
import { MemoryStore } from './memory-store.ts';
import { createClock, HOUR_MS, START_MS } from './support.ts';

const KEY = Buffer.alloc(32, 1);
const PASSPHRASE = 'correct horse battery staple 123';

test.each<[string, readonly EncryptionKey[], string]>([
  ['no key', [], 'keys is empty, expected at least one key'],
  ['an empty id', [{ id: '', key: KEY }], 'keys[0].id has 0 bytes, expected 1 to 255'],
  ['an id of 256 bytes in 128 characters', [OLD, { id: 'é'.repeat(128), key: KEY }], 'keys[1].id has 256 bytes, expected 1 to 255'],
  ['an id twice', [OLD, { id: 'b', key: KEY }, { id: 'b', key: KEY }], 'keys[2].id is "b", the same as that of keys[1], expected another'],
  [
    'two ids that are one in UTF-8',
    [
      { id: '\ud800', key: KEY },
      { id: '\udfff', key: KEY },
    ],
    'keys[1].id is "\ufffd", the same as that of keys[0], expected another',
  ],
  ['a key of 31 bytes', [{ id: 'a', key: KEY.subarray(1) }], 'the key "a" has 31 bytes, expected 32'],
  ['a key of 33 bytes', [{ id: 'a"b', key: Buffer.alloc(33) }], 'the key "a\\"b" has 33 bytes, expected 32'],
  ['an id that is no text', [{ id: KEY as unknown as string, key: KEY }], 'keys[0].id is of type object, expected a text'],
  [
    'a key that is a text',
    [{ id: 'a', key: PASSPHRASE as unknown as Uint8Array }],
    'the key "a" is of type string, expected a Uint8Array of 32 bytes',
  ],
])('%s is refused', (_what, keys, message) => {
  expect(() => encrypted(new MemoryStore(), keys)).toThrow(new TokenCacheError('invalid_option', message));
  expect(() => encrypted(new MemoryStore(), keys)).toThrow(expect.objectContaining({ code: 'invalid_option' }));
});

test.each(['a', 'é'.repeat(127)])('an id of 1 to 255 bytes will do: %s', async (id) => {
  const { write, read } = storeWith({ id, key: KEY });
  await write();
  expect(await read()).toBe('a token');
});

test('the keys are copied: later changes to what the caller gave change nothing', async () => {
  const bytes = Uint8Array.from(KEY);
  const keys = [{ id: 'a', key: bytes }];
  const inner = new MemoryStore({ now: createClock().now });
  const { write } = storeWith(keys, inner);
  bytes.fill(0);
  keys.length = 0;
  await write();
  expect(await storeWith({ id: 'a', key: KEY }, inner).read()).toBe('a token');
});

test('a key that is part of a larger buffer is that part', async () => {
  const inner = new MemoryStore({ now: createClock().now });
  await storeWith({ id: 'a', key: Buffer.concat([Buffer.alloc(7), KEY, Buffer.alloc(7)]).subarray(7, 39) }, inner).write();
  expect(await storeWith({ id: 'a', key: KEY }, inner).read()).toBe('a token');
});

test('neither the store nor its errors show a key', () => {
  const secret = Buffer.from('0123456789abcdef0123456789abcdef');
  const store = encrypted(new MemoryStore(), [{ id: 'a', key: secret }]);
  const shown = [inspect(store, { depth: 20, showHidden: true }), JSON.stringify(store), caught({ id: 'a', key: secret.subarray(2) })];
  for (const text of shown) {
    expect(text).not.toContain('456789abcdef');
    expect(text).not.toContain('34 35 36 37 38 39');
  }
});

function storeWith(
  keys: EncryptionKey | readonly EncryptionKey[],
  inner: MemoryStore = new MemoryStore({ now: createClock().now }),
): { write: () => Promise<void>; read: () => Promise<string | undefined> } {
  const store = encrypted(inner, [keys].flat(), { now: createClock().now });
  return {
    write: () => store.write('name', { key: 'key', bytes: Buffer.from('a token'), expiresAtMs: START_MS + HOUR_MS }),
    read: async () => {
      const bytes = await store.read('name', { key: 'key' });
      return bytes && Buffer.from(bytes).toString();
    },
  };
}

function caught(key: EncryptionKey): string {
  try {
    encrypted(new MemoryStore(), [key]);
    return '';
  } catch (error) {
    return inspect(error, { depth: 20, showHidden: true });
  }
}
