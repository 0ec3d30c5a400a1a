/** Reads a regular file under a bound, and tells cheaply whether it is still the same. */
import type { BigIntStats } from 'node:fs';
import { constants, type FileHandle, open, stat } from 'node:fs/promises';
import { oneLine } from '@client-credentials/protocol';
import { TokenSourceError } from '../errors.ts';

/** Which file, and how it is to be read. */
export interface FileToRead {
  readonly path: string;
  /** For messages: "The token file". */
  readonly name: string;
  /** For messages: what to check if it cannot be read. */
  readonly advice: string;
  readonly mostBytes: number;
  /** Whether the path may be a link, as it is where Kubernetes mounts a secret. */
  readonly followLinks: boolean;
  /** A folder whose owner must be the file's too; nobody else has any business writing it. */
  readonly ownedLike?: string;
}

export interface StampedFile {
  readonly octets: Uint8Array;
  /** What `fileStamp` says while this is the content. */
  readonly stamp: string;
}

/**
 * The whole content. A pipe or a device is refused without being waited for.
 *
 * @throws {TokenSourceError} `credential_unavailable`, with the path
 */
export async function readStampedFile(file: FileToRead): Promise<StampedFile> {
  const handle = await open(file.path, flagsFor(file)).catch(unreadable(file));
  try {
    // Of what was opened, not of what the path leads to by now.
    const facts = await handle.stat({ bigint: true });
    if (!facts.isFile()) throw refused(file, 'it is no regular file');
    if (facts.size > file.mostBytes) throw refused(file, `it has ${facts.size} bytes, and more than ${file.mostBytes} are refused`);
    if (file.ownedLike !== undefined && facts.uid !== (await stat(file.ownedLike, { bigint: true })).uid)
      throw refused(file, `it is not of the owner of "${oneLine(file.ownedLike)}"`);
    return { octets: await readBytes(handle, { file, size: Number(facts.size) }), stamp: stampOf(facts) };
  } finally {
    await handle.close();
  }
}

/**
 * A text that is another one after the file was written to or replaced, also by way of a link.
 *
 * @throws {TokenSourceError} `credential_unavailable`, with the path
 */
export async function fileStamp(file: FileToRead): Promise<string> {
  return stampOf(await stat(file.path, { bigint: true }).catch(unreadable(file)));
}

/** Without the second flag a pipe would be waited for until somebody writes to it. */
function flagsFor({ followLinks }: FileToRead): number {
  return constants.O_RDONLY | constants.O_NONBLOCK | (followLinks ? 0 : constants.O_NOFOLLOW);
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

async function readBytes(handle: FileHandle, { file, size }: { readonly file: FileToRead; readonly size: number }): Promise<Uint8Array> {
  // One more than there should be, so that growth is noticed.
  const buffer = Buffer.alloc(size + 1);
  let length = 0;
  for (let count = -1; count !== 0; length += count) {
    count = (await handle.read(buffer, length, buffer.length - length, null).catch(unreadable(file))).bytesRead;
  }
  if (length === size) return buffer.subarray(0, size);
  throw refused(file, 'it changes while it is read', { transient: true });
}

function unreadable(file: FileToRead): (cause: unknown) => never {
  return (cause) => {
    throw refused(file, `${(cause as NodeJS.ErrnoException).code}; ${file.advice}`, { cause });
  };
}

function refused({ name, path }: FileToRead, why: string, options: { transient?: boolean; cause?: unknown } = {}): TokenSourceError {
  return new TokenSourceError('credential_unavailable', `${name} "${oneLine(path)}" cannot be read: ${why}`, options);
}
