/** Where a file store may lie: in a directory of this user's that nobody else can write to. */
import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Store } from '@client-credentials/token-cache';
import { fileStore } from '@client-credentials/token-cache/file';
import { expect, onTestFinished, test, vi } from 'vitest';
import { HOUR_MS } from '../support.ts';
import { createDirectory, filesIn, NAME, pretendUser } from './support.ts';

test('a missing directory is made, with those above it, for this user alone', () => {
  const parent = createDirectory();
  const directory = join(parent, 'above', 'cache');
  fileStore({ directory });
  for (const made of [join(parent, 'above'), directory]) expect((statSync(made).mode & 0o777).toString(8)).toBe('700');
});

test('a directory that others can read but not write is taken as it is', () => {
  const directory = createDirectory();
  chmodSync(directory, 0o755);
  fileStore({ directory });
  expect((statSync(directory).mode & 0o777).toString(8)).toBe('755');
});

test('a directory that was removed since is made again by a write and by a lease, for this user alone', async () => {
  const directory = join(createDirectory(), 'cache');
  const store = fileStore({ directory });
  for (const use of [() => write(store), () => store.lease?.(NAME, 5_000)]) {
    rmSync(directory, { recursive: true });
    expect(await store.read(NAME, { key: 'key' })).toBeUndefined();
    await use();
    expect((statSync(directory).mode & 0o777).toString(8)).toBe('700');
    expect(filesIn(directory)).toHaveLength(1);
  }
  await write(store);
  expect(await store.read(NAME, { key: 'key' })).toEqual(Buffer.from('value'));
});

test('what lies in its place by then is judged, and refused', async () => {
  const directory = join(createDirectory(), 'cache');
  const store = fileStore({ directory });
  rmSync(directory, { recursive: true });
  symlinkSync('nowhere', directory);
  await expect(write(store)).rejects.toMatchObject({ code: 'invalid_option', message: expect.stringContaining('is a symbolic link') });
});

test('a directory that is removed again at once is made once only, and the write fails', async () => {
  const directory = join(createDirectory(), 'cache');
  const removing = fileStore({
    directory,
    now: () => {
      // Asked when the file of the lease is made and has yet to get its place.
      rmSync(directory, { recursive: true, force: true });
      return 0;
    },
  });
  await expect(removing.lease?.(NAME, 5_000)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a relative path is meant from where the process is now', async () => {
  const directory = createDirectory();
  const store = fileStore({ directory: relative(process.cwd(), directory) });
  const cwd = vi.spyOn(process, 'cwd').mockReturnValue('/');
  onTestFinished(() => {
    cwd.mockRestore();
  });
  await store.write(NAME, { key: 'key', bytes: Buffer.of(), expiresAtMs: Date.now() + 60_000 });
  expect(filesIn(directory)).toEqual([`${NAME}.cache-entry`]);
});

test.each([0o770, 0o702, 0o1777])('a directory with mode %o is refused, with the way to mend it', (mode) => {
  const directory = createDirectory();
  chmodSync(directory, mode);
  expect(refusalOf(directory)).toEqual({
    code: 'invalid_option',
    message: `directory is "${directory}", which has mode 0${mode.toString(8)}, so that others can write to it: chmod go-w it`,
  });
});

test.each(['', '/'])('a link to a directory is refused, also with %j at its end', (end) => {
  const link = join(createDirectory(), 'link');
  symlinkSync(createDirectory(), link);
  expect(refusalOf(link + end)).toEqual({
    code: 'invalid_option',
    message: `directory is "${link}", which is a symbolic link: name the directory it points to`,
  });
});

test('a directory of another user is refused', () => {
  const directory = createDirectory();
  const uid = statSync(directory).uid;
  pretendUser(uid + 1);
  expect(refusalOf(directory)).toEqual({
    code: 'invalid_option',
    message: `directory is "${directory}", which is owned by user ${uid}: this process is user ${uid + 1} and needs a directory of its own`,
  });
});

test('where there are no users and modes, a directory is not judged by them', () => {
  const directory = createDirectory();
  chmodSync(directory, 0o777);
  pretendUser(undefined);
  fileStore({ directory });
});

test('a file, and a path through one, are refused', () => {
  const file = join(createDirectory(), 'file');
  writeFileSync(file, '');
  expect(refusalOf(file)).toEqual({ code: 'invalid_option', message: `directory is "${file}", which is not a directory` });
  const inside = join(file, 'inside');
  expect(refusalOf(inside)).toEqual({
    code: 'invalid_option',
    message: `directory is "${inside}", which cannot be made or looked at`,
  });
});

test.each([[''], [undefined], [7]])('%j is refused as a path', (directory) => {
  expect(refusalOf(directory as string)).toEqual({
    code: 'invalid_option',
    message: `directory is ${JSON.stringify(directory)}, expected a path`,
  });
});

test('a directory that lies below a link is taken, as the link is the business of whoever made it', () => {
  const target = createDirectory();
  const link = join(createDirectory(), 'link');
  symlinkSync(target, link);
  mkdirSync(join(target, 'cache'), { mode: 0o700 });
  fileStore({ directory: join(link, 'cache') });
});

function write(store: Store): Promise<void> {
  return store.write(NAME, { key: 'key', bytes: Buffer.from('value'), expiresAtMs: Date.now() + HOUR_MS });
}

function refusalOf(directory: string): { code: unknown; message: unknown } {
  try {
    fileStore({ directory });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    return { code, message };
  }
  throw new Error('the directory was taken');
}
