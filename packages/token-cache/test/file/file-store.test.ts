/** Entries in files: what is written is read, until it expires, by every store of the same directory. */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileStore } from '@client-credentials/token-cache/file';
import { expect, test } from 'vitest';
import { takeLock } from '../../src/file/lock.ts';
import { listenTo } from '../listening.ts';
import { HOUR_MS, SECOND_MS } from '../support.ts';
import { createSetting, filesIn, NAME, read, stopPerformance, write } from './support.ts';

test('what one store has written another of the same directory reads', async () => {
  const setting = createSetting();
  await write(setting, 'value');
  const other = fileStore({ directory: setting.directory });
  expect(await read({ store: other })).toBe('value');
});

test('names do not mix, and one that was never written is a miss without a warning', async () => {
  const setting = createSetting();
  const failures = listenTo('store-failure');
  await write(setting, 'value');
  expect(await setting.store.read('another', { key: 'another' })).toBeUndefined();
  expect(failures).toEqual([]);
});

test('an entry may be empty, and may have a mebibyte but not a byte more', async () => {
  const setting = createSetting();
  const { store, clock } = setting;
  await write(setting, '');
  expect(await read(setting)).toBe('');
  const largest = Buffer.alloc(1_048_576, 'x');
  await store.write(NAME, { key: 'key', bytes: largest, expiresAtMs: clock.nowMs + HOUR_MS });
  expect(largest.equals((await store.read(NAME, { key: 'key' })) ?? Buffer.of())).toBe(true);
  await expect(
    store.write(NAME, { key: 'key', bytes: Buffer.alloc(1_048_577), expiresAtMs: clock.nowMs + 2 * HOUR_MS }),
  ).rejects.toMatchObject({ code: 'invalid_option', message: 'bytes has 1048577 bytes, expected at most 1048576' });
});

test('SEC-09: a write leaves one file, which only its owner can use and which bears the expiry as its time', async () => {
  const setting = createSetting();
  const { clock, directory, path } = setting;
  await write(setting, 'value');
  expect(filesIn(directory)).toEqual([`${NAME}.cache-entry`]);
  const { mode, mtimeMs } = statSync(path);
  expect((mode & 0o777).toString(8)).toBe('600');
  expect(Math.round(mtimeMs)).toBe(clock.nowMs + HOUR_MS);
});

test('an entry is there until the millisecond of its expiry, and is then a miss without a warning', async () => {
  const setting = createSetting();
  const failures = listenTo('store-failure');
  await write(setting, 'value');
  setting.clock.nowMs += HOUR_MS - 1;
  expect(await read(setting)).toBe('value');
  setting.clock.nowMs += 1;
  expect(await read(setting)).toBeUndefined();
  expect(failures).toEqual([]);
});

test('what has expired already is not written', async () => {
  const setting = createSetting();
  await write(setting, 'value', setting.clock.nowMs);
  expect(filesIn(setting.directory)).toEqual([]);
});

test('a write never replaces an entry that expires later, but one that expires at the same time or before', async () => {
  const setting = createSetting();
  const laterMs = setting.clock.nowMs + HOUR_MS;
  await write(setting, 'first', laterMs);
  await write(setting, 'earlier', laterMs - 1);
  expect(await read(setting)).toBe('first');
  await write(setting, 'same', laterMs);
  expect(await read(setting)).toBe('same');
  await write(setting, 'later', laterMs + 1);
  expect(await read(setting)).toBe('later');
  expect(filesIn(setting.directory)).toEqual([`${NAME}.cache-entry`]);
});

test('of many writes at once by two stores the one that expires last stays', async () => {
  stopPerformance();
  const setting = createSetting();
  const stores = [setting.store, fileStore({ directory: setting.directory, now: setting.clock.now })];
  const expiries = [3, 9, 1, 7, 5, 8, 2, 6].map((minutes) => setting.clock.nowMs + minutes * 60 * SECOND_MS);
  await Promise.all(
    expiries.map((expiresAtMs, at) => {
      const store = stores[at % 2] ?? setting.store;
      return store.write(NAME, { key: 'key', bytes: Buffer.from(String(expiresAtMs)), expiresAtMs });
    }),
  );
  expect(await read(setting)).toBe(String(Math.max(...expiries)));
  expect(filesIn(setting.directory)).toEqual([`${NAME}.cache-entry`]);
});

test('a write waits its turn, not for ever, and leaves nothing when it gives up', async () => {
  const setting = createSetting();
  const { clock, directory } = setting;
  const lock = await takeLock(join(directory, `${NAME}.cache-lock`), { ttlMs: 200, now: clock.now });
  await expect(write(setting, 'value')).rejects.toMatchObject({ code: 'store_unavailable', reason: 'contended', transient: true });
  expect(filesIn(directory)).toEqual([`${NAME}.cache-lock`]);
  const writing = write(setting, 'value');
  await lock?.release();
  await writing;
  expect(await read(setting)).toBe('value');
});

test('a write whose signal aborts stops waiting for its turn', async () => {
  const { clock, directory, store } = createSetting();
  await takeLock(join(directory, `${NAME}.cache-lock`), { ttlMs: 200, now: clock.now });
  const signal = AbortSignal.abort();
  await expect(store.write(NAME, { key: 'key', bytes: Buffer.of(), expiresAtMs: clock.nowMs + HOUR_MS, signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test('a lock that a crashed writer left is taken over after 200 ms', async () => {
  const setting = createSetting();
  const { clock, directory } = setting;
  await takeLock(join(directory, `${NAME}.cache-lock`), { ttlMs: 200, now: clock.now });
  clock.nowMs += 200;
  await write(setting, 'value');
  expect(await read(setting)).toBe('value');
  expect(filesIn(directory)).toEqual([`${NAME}.cache-entry`]);
});

test('a writer that was halted until it lost its lock writes nothing', async () => {
  const setting = createSetting();
  const { clock, directory } = setting;
  await write(setting, 'value');
  const lockPath = join(directory, `${NAME}.cache-lock`);
  // As soon as it has the lock, its 200 ms have passed.
  const halted = fileStore({ directory, now: () => clock.nowMs + (existsSync(lockPath) ? 200 : 0) });
  await expect(
    halted.write(NAME, { key: 'key', bytes: Buffer.from('late'), expiresAtMs: clock.nowMs + 2 * HOUR_MS }),
  ).rejects.toMatchObject({
    reason: 'contended',
  });
  expect(await read(setting)).toBe('value');
});

test('a deleted entry is gone, and deleting none is no error', async () => {
  const setting = createSetting();
  await write(setting, 'value');
  await setting.store.delete(NAME);
  expect(await read(setting)).toBeUndefined();
  expect(filesIn(setting.directory)).toEqual([]);
  await setting.store.delete(NAME);
});

test('a directory in the place of an entry is neither replaced nor removed', async () => {
  const setting = createSetting();
  mkdirSync(setting.path);
  writeFileSync(join(setting.path, 'inside'), '');
  await expect(write(setting, 'value')).rejects.toThrow();
  await expect(setting.store.delete(NAME)).rejects.toThrow();
  expect(filesIn(setting.path)).toEqual(['inside']);
  expect(filesIn(setting.directory)).toEqual([`${NAME}.cache-entry`]);
});

test.each(['', '.', '..', '../outside', 'a/b', 'a\\b', 'a.b', 'a b', 'a\0', 'ä', 'a'.repeat(129)])(
  'the name %j is refused by every operation, and not shown',
  async (name) => {
    const { clock, directory, store } = createSetting();
    const refusal = {
      code: 'invalid_option',
      message: 'name is not 1 to 128 characters of A-Z, a-z, 0-9, - and _, as a digest is',
    };
    await expect(store.read(name, { key: 'key' })).rejects.toMatchObject(refusal);
    const entry = { key: 'key', bytes: Buffer.of(), expiresAtMs: clock.nowMs + HOUR_MS };
    await expect(store.write(name, entry)).rejects.toMatchObject(refusal);
    await expect(store.delete(name)).rejects.toMatchObject(refusal);
    await expect(store.lease?.(name, SECOND_MS)).rejects.toMatchObject(refusal);
    expect(filesIn(directory)).toEqual([]);
  },
);

test.each([Number.NaN, Number.POSITIVE_INFINITY, 8_640_000_000_000_001])('an expiry of %d is refused', async (expiresAtMs) => {
  const setting = createSetting();
  await expect(write(setting, 'value', expiresAtMs)).rejects.toMatchObject({
    code: 'invalid_option',
    message: `expiresAtMs is ${expiresAtMs}, expected a time in epoch milliseconds`,
  });
});
