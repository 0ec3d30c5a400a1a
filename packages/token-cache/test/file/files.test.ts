/** The files a store makes aside, before they get their place. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createTemporary } from '../../src/file/files.ts';
import { createDirectory, filesIn } from './support.ts';

test('each has a name of its own, and only its owner can use it', async () => {
  const directory = createDirectory();
  const paths = [await createTemporary(directory, Buffer.from('one')), await createTemporary(directory, Buffer.from('other'))];
  expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['one', 'other']);
  for (const path of paths) {
    expect(dirname(path)).toBe(directory);
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  }
  expect(paths.sort()).toEqual(filesIn(directory).map((file) => join(directory, file)));
});

test('one that cannot be written to its end is removed', async () => {
  const directory = createDirectory();
  const diskFull = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  let partly: number | undefined;
  const bytes = (async function* () {
    yield Buffer.from('half');
    partly = statSync(join(directory, filesIn(directory)[0] ?? '')).size;
    throw diskFull;
  })();
  // Node's own writing takes pieces too, which lets a write fail in the middle.
  await expect(createTemporary(directory, bytes as never)).rejects.toBe(diskFull);
  expect(partly).toBe(4);
  expect(filesIn(directory)).toEqual([]);
});
