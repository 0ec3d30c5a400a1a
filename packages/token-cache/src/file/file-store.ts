/** A store in the files of one directory: one file for each entry, and one for each lease while it is held. */
import { rename } from 'node:fs/promises';
import { TokenCacheError } from '../errors.ts';
import type { Lease, Store, StoreContext } from '../store.ts';
import { openDirectory } from './directory.ts';
import { LARGEST_ENTRY_BYTES, readEntryFile } from './entry-file.ts';
import { filePath } from './file-names.ts';
import { createTemporary, errorCode, removeFile, setUsefulUntil } from './files.ts';
import { buildFrame } from './frame.ts';
import { takeLock } from './lock.ts';
import { Sweeper } from './sweeper.ts';
import { Warnings } from './warnings.ts';
import { contended, withWriteLock } from './write-lock.ts';

export interface FileStoreOptions {
  /** Where the files lie: a directory of this user on a local disk, into which nobody else can write. Made if it is missing. */
  readonly directory: string;
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Entries that outlive the process and that all processes of this user on this machine share. Files have mode 0600, links are not
 * followed, and an entry is replaced in one step, so that each is whole or absent whenever a process is killed. A file that is
 * damaged, or not this user's alone, is passed over with a warning. Modes mean nothing on Windows: there the directory's own
 * permissions are all there is. Whoever reads the files reads the values: `encrypted` hides them.
 *
 * Its promises reject with what the file system says, or with `store_unavailable`, `contended`, when other processes have been
 * writing the same entry for a quarter of a second.
 *
 * @throws {TokenCacheError} `invalid_option` if the directory cannot be made, is a link, or is not this user's alone to write to
 */
export function fileStore({ directory, now = Date.now }: FileStoreOptions): Store {
  return new FileStore(openDirectory(directory), { now });
}

class FileStore implements Store {
  readonly #directory: string;
  readonly #now: () => number;
  readonly #sweeper: Sweeper;
  readonly #warnings = new Warnings();

  constructor(directory: string, { now }: { now: () => number }) {
    this.#directory = directory;
    this.#now = now;
    this.#sweeper = new Sweeper(directory, { now });
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const path = filePath(this.#directory, { name, kind: 'entry' });
    const found = await readEntryFile(path);
    if (typeof found === 'string') this.#warnings.passedOver(path, { entry: name, flaw: found });
    return typeof found === 'object' && this.#now() < found.expiresAtMs ? found.bytes : undefined;
  }

  async write(
    name: string,
    { bytes, expiresAtMs, signal }: StoreContext & { readonly bytes: Uint8Array; readonly expiresAtMs: number },
  ): Promise<void> {
    const path = filePath(this.#directory, { name, kind: 'entry' });
    const lockPath = filePath(this.#directory, { name, kind: 'lock' });
    expectTime(expiresAtMs);
    expectFitting(bytes);
    if (expiresAtMs <= this.#now()) return;
    await this.#inDirectory(async () => {
      const temporary = await createTemporary(this.#directory, buildFrame({ expiresAtMs, bytes }));
      try {
        await withWriteLock(lockPath, {
          now: this.#now,
          signal,
          action: (lock) => replace(path, { temporary, expiresAtMs, lock }),
        });
      } finally {
        await removeFile(temporary);
      }
    });
    this.#sweeper.afterWrite();
  }

  async delete(name: string): Promise<void> {
    await removeFile(filePath(this.#directory, { name, kind: 'entry' }));
  }

  async lease(name: string, ttlMs: number): Promise<Lease | undefined> {
    const path = filePath(this.#directory, { name, kind: 'lease' });
    if (!(ttlMs > 0 && ttlMs <= LONGEST_LEASE_MS)) {
      throw new TokenCacheError('invalid_option', `ttlMs is ${ttlMs}, expected a number above 0, and at most ${LONGEST_LEASE_MS}`);
    }
    return this.#inDirectory(() => takeLock(path, { ttlMs, now: this.#now }));
  }

  /** Does what makes files. If the directory was removed since it was opened, it is opened once more: made, and judged. */
  async #inDirectory<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      openDirectory(this.#directory);
      return await action();
    }
  }
}

/**
 * Moves a file to the place of an entry, unless the one there expires later. Nothing is flushed to the disk: a killed process cannot
 * leave half a move, and what a power cut leaves fails its checksum, which costs an acquisition where flushing would cost every write.
 */
async function replace(
  path: string,
  { temporary, expiresAtMs, lock }: { temporary: string; expiresAtMs: number; lock: Lease },
): Promise<void> {
  const kept = await readEntryFile(path);
  if (typeof kept === 'object' && kept.expiresAtMs > expiresAtMs) return;
  await setUsefulUntil(temporary, expiresAtMs);
  // A process that was halted meanwhile has lost the lock, and may have been overtaken.
  if (!(await lock.renew())) throw contended();
  await rename(temporary, path);
}

function expectTime(expiresAtMs: number): void {
  if (Math.abs(expiresAtMs) <= LARGEST_TIME_MS) return;
  throw new TokenCacheError('invalid_option', `expiresAtMs is ${expiresAtMs}, expected a time in epoch milliseconds`);
}

function expectFitting({ length }: Uint8Array): void {
  if (length <= LARGEST_ENTRY_BYTES) return;
  throw new TokenCacheError('invalid_option', `bytes has ${length} bytes, expected at most ${LARGEST_ENTRY_BYTES}`);
}

/** What a `Date` can hold. */
const LARGEST_TIME_MS = 8_640_000_000_000_000;
const LONGEST_LEASE_MS = 3_600_000;
