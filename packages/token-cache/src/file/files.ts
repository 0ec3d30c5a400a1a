/**
 * What is done to files here, so that no link is followed and nothing blocks. Every file of a store bears as its time of modification
 * the time from which it is of no more use, so that whoever tidies up need not look inside.
 */
import { constants, lutimes, open, unlink } from 'node:fs/promises';
import { temporaryPath } from './file-names.ts';

/** To read what is there. Opening a pipe does not wait for who writes to it. Windows has neither flag. */
export const READ_FLAGS: number = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Puts bytes into a new file that only this user can read; its path. It waits to be moved to its place. */
export async function createTemporary(directory: string, bytes: Uint8Array): Promise<string> {
  const path = temporaryPath(directory);
  const handle = await open(path, NEW_FILE_FLAGS, 0o600);
  try {
    await handle.writeFile(bytes);
  } catch (error) {
    await removeFile(path);
    throw error;
  } finally {
    await handle.close();
  }
  return path;
}

/** Says until when a file is of use. */
export function setUsefulUntil(path: string, timeMs: number): Promise<void> {
  return lutimes(path, timeMs / 1_000, timeMs / 1_000);
}

/** Removes a file, or a link and not what it points to; one that is not there is no error. */
export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch(ignoring('ENOENT'));
}

/** For `catch`: the one error of a system call that is no matter becomes nothing, any other is passed on. */
export function ignoring(code: string): (error: unknown) => undefined {
  return (error) => {
    if (errorCode(error) !== code) throw error;
  };
}

/** The code of a failed system call. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

const NEW_FILE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
