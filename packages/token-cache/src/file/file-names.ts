/** What the files of a store are called: the name of the entry, and an ending that nobody else's files have. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { TokenCacheError } from '../errors.ts';

/** The entry itself, the lock under which it is replaced, and the lease on it. */
export type FileKind = 'entry' | 'lock' | 'lease';

/**
 * The path of one of an entry's files. No name can lead out of the directory.
 *
 * @throws {TokenCacheError} `invalid_option` unless the name is 1 to 128 characters of base64url
 */
export function filePath(directory: string, { name, kind }: { name: string; kind: FileKind }): string {
  // The name itself is not shown: it may be a key that somebody forgot to digest.
  if (!NAME.test(name))
    throw new TokenCacheError('invalid_option', 'name is not 1 to 128 characters of A-Z, a-z, 0-9, - and _, as a digest is');
  return join(directory, `${name}.cache-${kind}`);
}

/** A path that no other file has, for one that is yet to get its place. */
export function temporaryPath(directory: string): string {
  return join(directory, `${randomBytes(16).toString('base64url')}.cache-temporary`);
}

/** The path of the claim to a lock whose holder is dead. */
export function claimPath(lockPath: string): string {
  return `${lockPath}-claim`;
}

/** Whether a file of this name is a store's, and not one that happens to lie in the same directory. */
export function isStoreFile(fileName: string): boolean {
  return STORE_FILE.test(fileName);
}

const NAME = /^[A-Za-z0-9_-]{1,128}$/;
const STORE_FILE = /^[A-Za-z0-9_-]{1,128}\.cache-(entry|temporary|(lock|lease)(-claim)?)$/;
