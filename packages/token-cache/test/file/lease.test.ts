/** Leases in files: one holder, for a time, whoever asks and whoever has died. */
import { lstatSync, readFileSync, renameSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lease, Store } from '@client-credentials/token-cache';
import { fileStore } from '@client-credentials/token-cache/file';
import { expect, test } from 'vitest';
import { HOUR_MS } from '../support.ts';
import { createSetting, filesIn, NAME, write } from './support.ts';

const TTL_MS = 5_000;
const LEASE_FILE = `${NAME}.cache-lease`;

test('a lease is one holder’s until it is released, in every store of the directory', async () => {
  const { clock, directory, store } = createSetting();
  const other = fileStore({ directory, now: clock.now });
  const lease = await take(store);
  expect(lease).toBeDefined();
  expect(await take(store)).toBeUndefined();
  expect(await take(other)).toBeUndefined();
  await lease?.release();
  expect(filesIn(directory)).toEqual([]);
  expect(await take(other)).toBeDefined();
});

test('leases on different names have nothing to do with each other, nor with entries', async () => {
  const setting = createSetting();
  await take(setting.store);
  expect(await setting.store.lease?.('another', TTL_MS)).toBeDefined();
  await write(setting, 'value');
  expect(filesIn(setting.directory)).toEqual([`${NAME}.cache-entry`, LEASE_FILE, 'another.cache-lease'].sort());
});

test('a hundred who ask at once get it one only', async () => {
  const { clock, directory, store } = createSetting();
  const stores = [store, fileStore({ directory, now: clock.now })];
  const asked = Array.from({ length: 100 }, (_, at) => take(stores[at % 2] ?? store));
  expect((await Promise.all(asked)).filter((lease) => lease !== undefined)).toHaveLength(1);
  expect(filesIn(directory)).toEqual([LEASE_FILE]);
});

test('its file is this user’s alone and bears the end of the lease', async () => {
  const { clock, directory, store } = createSetting();
  await take(store);
  const { mode, mtimeMs, nlink } = lstatSync(join(directory, LEASE_FILE));
  expect({ mode: (mode & 0o777).toString(8), endMs: Math.round(mtimeMs), nlink }).toEqual({
    mode: '600',
    endMs: clock.nowMs + TTL_MS,
    nlink: 1,
  });
});

test('a lease that is not renewed is another’s after its time, and no sooner', async () => {
  const { clock, store } = createSetting();
  const lost = await take(store);
  clock.nowMs += TTL_MS - 1;
  expect(await take(store)).toBeUndefined();
  clock.nowMs += 1;
  const next = await take(store);
  expect(next).toBeDefined();
  expect(await lost?.renew()).toBe(false);
  await lost?.release();
  expect(await take(store)).toBeUndefined();
  expect(await next?.renew()).toBe(true);
});

test('renewing holds it for its whole time again', async () => {
  const { clock, store } = createSetting();
  const lease = await take(store);
  for (let time = 0; time < 5; time += 1) {
    clock.nowMs += TTL_MS - 1;
    expect(await take(store)).toBeUndefined();
    expect(await lease?.renew()).toBe(true);
  }
  clock.nowMs += TTL_MS;
  expect(await lease?.renew()).toBe(false);
  expect(await take(store)).toBeDefined();
});

test('one whose file was removed is lost, and what has come in its place is left alone', async () => {
  const { directory, store } = createSetting();
  const lost = await take(store);
  unlinkSync(join(directory, LEASE_FILE));
  expect(await lost?.renew()).toBe(false);
  const next = await take(store);
  expect(await lost?.renew()).toBe(false);
  await lost?.release();
  expect(await next?.renew()).toBe(true);
});

test('one whose file is removed while it is renewed is lost', async () => {
  const { clock, directory } = createSetting();
  let looks = 0;
  const now = () => {
    // For the second time after the look at the file.
    looks += 1;
    if (looks === 2) unlinkSync(join(directory, LEASE_FILE));
    return clock.nowMs;
  };
  const lease = await take(fileStore({ directory, now }));
  looks = 0;
  expect(await lease?.renew()).toBe(false);
  expect(filesIn(directory)).toEqual([]);
});

test('a hundred who find the holder dead get it one only', async () => {
  const { clock, directory, store } = createSetting();
  for (let round = 0; round < 10; round += 1) {
    const dead = await take(store);
    expect(dead).toBeDefined();
    clock.nowMs += TTL_MS;
    const taken = await Promise.all(Array.from({ length: 100 }, () => take(store)));
    const winners = taken.filter((lease) => lease !== undefined);
    expect(winners).toHaveLength(1);
    expect(filesIn(directory)).toEqual([LEASE_FILE]);
    await winners[0]?.release();
  }
});

test('who found the holder dead looks again, as another may have been quicker', async () => {
  const { clock, directory, store } = createSetting();
  await take(store);
  clock.nowMs += TTL_MS;
  let looked = false;
  const slow = fileStore({
    directory,
    now: () => {
      // Right after the first look, in which the lock is dead, another has it.
      if (!looked) utimesSync(join(directory, LEASE_FILE), (clock.nowMs + TTL_MS) / 1_000, (clock.nowMs + TTL_MS) / 1_000);
      looked = true;
      return clock.nowMs;
    },
  });
  expect(await take(slow)).toBeUndefined();
  expect(filesIn(directory)).toEqual([LEASE_FILE]);
});

test('one who died while taking over from the dead holds up the others for that long only', async () => {
  const { clock, directory, store } = createSetting();
  await take(store);
  clock.nowMs += TTL_MS;
  // What such a one leaves: a claim with its time.
  await take(fileStore({ directory, now: clock.now }), 'claimant');
  const claim = join(directory, `${LEASE_FILE}-claim`);
  renameSync(join(directory, 'claimant.cache-lease'), claim);
  expect(await take(store)).toBeUndefined();
  clock.nowMs += TTL_MS;
  expect(await take(store)).toBeUndefined();
  expect(await take(store)).toBeDefined();
  expect(filesIn(directory)).toEqual([LEASE_FILE]);
});

test('a clock that is set back does not make a lease last for ever', async () => {
  const { clock, store } = createSetting();
  await take(store);
  clock.nowMs -= HOUR_MS;
  expect(await take(store)).toBeDefined();
});

test('the clocks of two processes may differ by less than the time of a lease', async () => {
  const { clock, directory, store } = createSetting();
  const behind = fileStore({ directory, now: () => clock.nowMs - TTL_MS });
  await take(store);
  expect(await take(behind)).toBeUndefined();
});

test('something foreign in the place of a lease that is long there is replaced', async () => {
  const { clock, directory, store } = createSetting();
  const path = join(directory, LEASE_FILE);
  clock.nowMs += HOUR_MS;
  symlinkSync('nowhere', path);
  const lease = await take(store);
  expect(await lease?.renew()).toBe(true);
  writeFileSync(path, 'somebody else’s text, which is longer');
  expect(await lease?.renew()).toBe(false);
  await lease?.release();
  expect(readFileSync(path, 'utf8')).toContain('somebody else');
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 3_600_001])('a lease for %d ms is refused', async (ttlMs) => {
  const { store } = createSetting();
  await expect(store.lease?.(NAME, ttlMs)).rejects.toMatchObject({
    code: 'invalid_option',
    message: `ttlMs is ${ttlMs}, expected a number above 0, and at most 3600000`,
  });
});

function take(store: Store, name: string = NAME): Promise<Lease | undefined> {
  return store.lease?.(name, TTL_MS) ?? Promise.resolve(undefined);
}
