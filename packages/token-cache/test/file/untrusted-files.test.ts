/** Files that are damaged, or not this user's alone: each is a miss with a warning, none is followed, waited for, or believed. */
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, lstatSync, mkdirSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileStore } from '@client-credentials/token-cache/file';
import { expect, onTestFinished, test } from 'vitest';
import { listenTo } from '../listening.ts';
import { HOUR_MS, settled } from '../support.ts';
import { createDirectory, createSetting, filesIn, NAME, pretendUser, processWarnings, read, type Setting, write } from './support.ts';

/** What was done to the file of an entry, and why it is passed over. */
const DEEDS: readonly [string, string, (setting: Setting) => void | Promise<void>][] = [
  ['a symbolic link to a good entry', 'link', ({ path }) => moveAside(path, symlinkSync)],
  ['a symbolic link to nothing', 'link', ({ path }) => moveAside(path, (_to, from) => symlinkSync('nothing', from))],
  ['a good entry with a second name', 'link', ({ path }) => linkSync(path, `${path}-second`)],
  ['a directory', 'foreign', ({ path }) => moveAside(path, (_to, from) => mkdirSync(from))],
  ['a pipe that nobody writes to', 'foreign', ({ path }) => moveAside(path, makePipe)],
  ['a socket', 'foreign', ({ path }) => moveAside(path, listen)],
  ['a good entry of another user', 'foreign', () => pretendUser((process.geteuid?.() ?? 0) + 1)],
  ['somebody else’s text', 'foreign', ({ path }) => writeFileSync(path, 'export const value = 1;\n'.repeat(10))],
  ['a good entry that the group may read', 'mode', ({ path }) => chmodSync(path, 0o640)],
  ['a good entry that others may write', 'mode', ({ path }) => chmodSync(path, 0o602)],
  ['a file without end', 'size', ({ path }) => truncateSync(path, 1_048_576 + 41 + 1)],
  ['a good entry with a byte more', 'corrupt', ({ path }) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.of(0)]))],
  ['nothing, as a power cut leaves it', 'corrupt', ({ path }) => truncateSync(path, 0)],
  ['zeros, as a power cut leaves them', 'foreign', ({ path }) => writeFileSync(path, Buffer.alloc(100))],
];

test.each(DEEDS)('%s is a miss, told as %s', async (_what, reason, deed) => {
  const setting = createSetting();
  const failures = listenTo('store-failure');
  await write(setting, 'value');
  await deed(setting);
  expect(await read(setting)).toBeUndefined();
  expect(failures).toEqual([{ cache: 'file', entry: NAME, operation: 'read', error: reason }]);
});

test.each(DEEDS.filter(([what]) => !/directory|another user/.test(what)))(
  '%s is replaced by the next write',
  async (_what, _reason, deed) => {
    const setting = createSetting();
    await write(setting, 'value');
    await deed(setting);
    await write(setting, 'new');
    expect(await read(setting)).toBe('new');
    const { mode, nlink } = lstatSync(setting.path);
    expect({ mode: (mode & 0o777).toString(8), nlink }).toEqual({ mode: '600', nlink: 1 });
  },
);

test('what a link points to is neither written nor deleted', async () => {
  const setting = createSetting();
  const target = join(createDirectory(), 'target');
  writeFileSync(target, 'precious');
  symlinkSync(target, setting.path);
  await write(setting, 'value');
  expect(lstatSync(setting.path).isFile()).toBe(true);
  await setting.store.delete(NAME);
  symlinkSync(target, setting.path);
  await setting.store.delete(NAME);
  expect(filesIn(setting.directory)).toEqual([]);
  expect(readFileSync(target, 'utf8')).toBe('precious');
});

test('a link in the place of a lock is not followed', async () => {
  const setting = createSetting();
  const target = join(createDirectory(), 'target');
  writeFileSync(target, 'precious');
  symlinkSync(target, join(setting.directory, `${NAME}.cache-lock`));
  symlinkSync(target, join(setting.directory, `${NAME}.cache-lease`));
  setting.clock.nowMs += HOUR_MS;
  await write(setting, 'value');
  expect(await (await setting.store.lease?.(NAME, 5_000))?.renew()).toBe(true);
  expect(readFileSync(target, 'utf8')).toBe('precious');
});

test('an entry cut off at any length is a miss', async () => {
  const setting = createSetting();
  await write(setting, 'value');
  const whole = readFileSync(setting.path);
  expect(whole.length).toBe(9 + 32 + 5);
  for (let length = 0; length < whole.length; length += 1) {
    writeFileSync(setting.path, whole.subarray(0, length));
    expect(await read(setting)).toBeUndefined();
  }
});

test('an entry with any one bit flipped is a miss', async () => {
  const setting = createSetting();
  await write(setting, 'value');
  const whole = readFileSync(setting.path);
  for (let at = 0; at < whole.length; at += 1) {
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << (at % 8)), at);
    writeFileSync(setting.path, damaged);
    expect(await read(setting)).toBeUndefined();
  }
});

test('the process is warned once for each reason and store, with the path and nothing of the value', async () => {
  const setting = createSetting();
  const { path, directory } = setting;
  const failures = listenTo('store-failure');
  const warnings = processWarnings();
  await write(setting, 'a secret value');
  truncateSync(path, 50);
  await read(setting);
  await read(setting);
  chmodSync(path, 0o644);
  await read(setting);
  await read({ store: fileStore({ directory }) });
  await settled();
  expect(failures.map(({ error }) => error)).toEqual(['corrupt', 'corrupt', 'mode', 'mode']);
  expect(warnings.map(({ message }) => message)).toEqual([
    `${path} is passed over: it is not as it was written`,
    `${path} is passed over: others than its owner may use it`,
    `${path} is passed over: others than its owner may use it`,
  ]);
  expect(warnings[0]).toMatchObject({ name: 'TokenCacheWarning', code: 'TOKEN_CACHE_FILE' });
});

test('a file that cannot be opened for another reason is an error', async () => {
  const { directory, store } = createSetting();
  renameSync(directory, `${directory}-moved`);
  writeFileSync(directory, '');
  renameSync(`${directory}-moved`, join(createDirectory(), 'moved'));
  await expect(read({ store })).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test('an entry that is replaced after it was opened is read as it was', async () => {
  const setting = createSetting();
  const failures = listenTo('store-failure');
  await write(setting, '0');
  let writing = true;
  const writes = (async () => {
    for (let count = 1; count < 100; count += 1) await write(setting, String(count));
    writing = false;
  })();
  while (writing) expect(await read(setting)).toMatch(/^\d+$/);
  await writes;
  expect(failures).toEqual([]);
});

/** Puts something else in the place of a file, given the file's new path and its old one. */
function moveAside(path: string, put: (to: string, from: string) => void | Promise<void>): void | Promise<void> {
  const to = join(createDirectory(), 'moved');
  renameSync(path, to);
  return put(to, path);
}

function makePipe(_to: string, path: string): void {
  execFileSync('mkfifo', ['-m', '600', path]);
}

async function listen(_to: string, path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    server.close();
  });
}
