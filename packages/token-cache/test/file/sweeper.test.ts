/** Tidying up: what is of no more use goes, in the background, and nothing else does. */
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileStore } from '@client-credentials/token-cache/file';
import { expect, test, vi } from 'vitest';
import { entryName } from '../../src/entry-name.ts';
import { HOUR_MS, MINUTE_MS, settled } from '../support.ts';
import { createSetting, filesIn, NAME, type Setting, write } from './support.ts';

const DEAD = ['a.cache-entry', 'b.cache-lease', 'c.cache-lock', 'd.cache-lease-claim', 'e.cache-lock-claim', 'f.cache-temporary'];

test('the first write sweeps expired entries, dead locks and what crashed writers left', async () => {
  const setting = createSetting();
  for (const file of DEAD) put(setting, file, -MINUTE_MS - 1_000);
  await write(setting, 'value');
  await vi.waitFor(() => expect(filesIn(setting.directory)).toEqual([`${NAME}.cache-entry`]), WAIT);
});

test('what is in use, is barely over, or bears another’s name stays', async () => {
  const setting = createSetting();
  const { directory } = setting;
  const kept = DEAD.map((file) => `in-use-${file}`);
  for (const file of kept) put(setting, file, MINUTE_MS);
  const over = DEAD.map((file) => `over-${file}`);
  for (const file of over) put(setting, file, -MINUTE_MS + 5_000);
  const foreign = ['README', 'yarn.lock', 'a.cache-entry.bak', '.cache-entry', 'a b.cache-entry', 'a.cache-entry-claim', 'cache-lock'];
  for (const file of foreign) put(setting, file, -100 * MINUTE_MS);
  mkdirSync(join(directory, 'directory.cache-entry'));
  symlinkSync('README', join(directory, 'link.cache-entry'));
  setting.clock.nowMs += 1;
  for (const file of DEAD) put(setting, file, -100 * MINUTE_MS);
  await write(setting, 'value');
  await vi.waitFor(() => expect(DEAD.some((file) => existsSync(join(directory, file)))).toBe(false), WAIT);
  expect(filesIn(directory)).toEqual(
    [...kept, ...over, ...foreign, 'directory.cache-entry', 'link.cache-entry', `${NAME}.cache-entry`].sort(),
  );
});

test('the next sweep comes with the first write after five minutes', async () => {
  const setting = createSetting();
  await sweepOnce(setting);
  put(setting, 'late.cache-entry', -100 * MINUTE_MS);
  setting.clock.nowMs += 5 * MINUTE_MS - 1;
  await write(setting, 'no sweep');
  await breathe();
  expect(existsSync(join(setting.directory, 'late.cache-entry'))).toBe(true);
  setting.clock.nowMs += 1;
  await write(setting, 'sweep');
  await vi.waitFor(() => expect(existsSync(join(setting.directory, 'late.cache-entry'))).toBe(false), WAIT);
});

test('or with the hundredth write', async () => {
  const setting = createSetting();
  await sweepOnce(setting);
  put(setting, 'late.cache-entry', -100 * MINUTE_MS);
  for (let count = 1; count < 100; count += 1) await write(setting, 'no sweep');
  await breathe();
  expect(existsSync(join(setting.directory, 'late.cache-entry'))).toBe(true);
  await write(setting, 'sweep');
  await vi.waitFor(() => expect(existsSync(join(setting.directory, 'late.cache-entry'))).toBe(false), WAIT);
});

test('a sweep looks at five hundred files at most, and later ones at the rest', async () => {
  const setting = createSetting();
  const { directory } = setting;
  for (let count = 0; count < 600; count += 1) put(setting, `${entryName(String(count))}.cache-entry`, -100 * MINUTE_MS);
  await write(setting, 'value');
  // The entry just written may be among the five hundred.
  await vi.waitFor(() => expect(filesIn(directory).length).toBeLessThanOrEqual(102), WAIT);
  await breathe();
  expect(filesIn(directory).length).toBeGreaterThan(100);
  setting.clock.nowMs += 5 * MINUTE_MS;
  await write(setting, 'value');
  await vi.waitFor(() => expect(filesIn(directory)).toEqual([`${NAME}.cache-entry`]), WAIT);
});

test('sweeps begin anywhere, so that in the end the dead go wherever they lie among many that live', async () => {
  const setting = createSetting();
  const { clock, directory } = setting;
  for (let count = 0; count < 1_000; count += 1) put(setting, `${entryName(String(count))}.cache-entry`, YEAR_MS);
  // In the order in which a sweep finds them.
  const dead = readdirSync(directory).filter((_file, at) => at % 10 === 0);
  for (const file of dead) put(setting, file, -100 * MINUTE_MS);
  await vi.waitFor(async () => {
    clock.nowMs += 5 * MINUTE_MS;
    await write(setting, 'value');
    expect(dead.filter((file) => existsSync(join(directory, file)))).toEqual([]);
  }, WAIT);
  expect(filesIn(directory)).toHaveLength(901);
});

test('a sweep that fails is nobody’s business', async () => {
  const { clock, directory, path } = createSetting();
  const now = () => {
    // As soon as the entry is there, everything is gone.
    if (existsSync(path)) rmSync(directory, { recursive: true });
    return clock.nowMs;
  };
  await fileStore({ directory, now }).write(NAME, { key: 'key', bytes: Buffer.of(), expiresAtMs: clock.nowMs + MINUTE_MS });
  expect(existsSync(directory)).toBe(false);
  await breathe();
});

/** Makes a file whose time of use ended some time ago, or will end. */
function put({ clock, directory }: Setting, file: string, fromNowMs: number): void {
  const path = join(directory, file);
  writeFileSync(path, '', { mode: 0o600 });
  const seconds = (clock.nowMs + fromNowMs) / 1_000;
  utimesSync(path, seconds, seconds);
}

/** Has the first sweep done. */
async function sweepOnce(setting: Setting): Promise<void> {
  put(setting, 'early.cache-entry', -100 * MINUTE_MS);
  await write(setting, 'first');
  await vi.waitFor(() => expect(existsSync(join(setting.directory, 'early.cache-entry'))).toBe(false), WAIT);
}

/** Long enough for a sweep that must not be to show itself, mostly. */
async function breathe(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await settled();
}

const YEAR_MS = 365 * 24 * HOUR_MS;
const WAIT = { timeout: 10_000, interval: 5 };
