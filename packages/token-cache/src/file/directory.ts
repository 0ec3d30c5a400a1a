/** The directory of a file store: made if it is missing, and judged before anything is put in it. */
import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { TokenCacheError } from '../errors.ts';

/**
 * The absolute path of a directory that is this user's, and that nobody else can write to. If missing it is made, with mode 0700.
 * Windows has no such modes and owners: there only the kind is judged.
 *
 * @throws {TokenCacheError} `invalid_option` saying what the path is instead and what to do
 */
export function openDirectory(directory: string): string {
  if (typeof directory !== 'string' || directory === '') {
    throw new TokenCacheError('invalid_option', `directory is ${JSON.stringify(directory)}, expected a path`);
  }
  // Also takes a slash off the end, with which `lstat` would follow a link.
  const path = resolve(directory);
  const flaw = flawOf(statsOf(path));
  if (flaw !== undefined) throw new TokenCacheError('invalid_option', `directory is ${JSON.stringify(path)}, which ${flaw}`);
  return path;
}

function statsOf(path: string): Stats {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats !== undefined) return stats;
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return lstatSync(path);
  } catch (cause) {
    throw new TokenCacheError('invalid_option', `directory is ${JSON.stringify(path)}, which cannot be made or looked at`, { cause });
  }
}

function flawOf(stats: Stats): string | undefined {
  if (stats.isSymbolicLink()) return 'is a symbolic link: name the directory it points to';
  if (!stats.isDirectory()) return 'is not a directory';
  const uid = process.geteuid?.();
  if (uid === undefined) return undefined;
  if (stats.uid !== uid) return `is owned by user ${stats.uid}: this process is user ${uid} and needs a directory of its own`;
  const mode = stats.mode & 0o7777;
  if ((mode & WRITABLE_BY_OTHERS) !== 0) return `has mode 0${mode.toString(8)}, so that others can write to it: chmod go-w it`;
  return undefined;
}

const WRITABLE_BY_OTHERS = 0o022;
