/** The file of an entry: whether it may be trusted, and what is in it. */
import type { Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errorCode, READ_FLAGS } from './files.ts';
import { FRAME_BYTES, type Frame, readFrame } from './frame.ts';

/** Why a file that is there is passed over. */
export type Flaw = 'foreign' | 'link' | 'mode' | 'size' | 'corrupt';

/** The longest entry, in bytes without its frame. */
export const LARGEST_ENTRY_BYTES = 1_048_576;

/**
 * The entry in a file, expired or not; `undefined` when there is no file. No link is followed, nothing but a file of this user alone
 * is read, and nothing in the way, such as a pipe that nobody writes to, makes it wait.
 *
 * @throws what the file system says but that there is no such file
 */
export async function readEntryFile(path: string): Promise<Frame | Flaw | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, READ_FLAGS);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return undefined;
    const flaw = FLAW_OF_OPEN_ERROR.get(code);
    if (flaw === undefined) throw error;
    return flaw;
  }
  try {
    // What is judged is what was opened: its name may mean another file by now.
    const stats = await handle.stat();
    return flawOf(stats) ?? readFrame(await readWhole(handle, stats.size));
  } finally {
    await handle.close();
  }
}

function flawOf(stats: Stats): Flaw | undefined {
  if (!stats.isFile()) return 'foreign';
  const uid = process.geteuid?.();
  if (uid !== undefined && stats.uid !== uid) return 'foreign';
  if (uid !== undefined && (stats.mode & OPEN_TO_OTHERS) !== 0) return 'mode';
  // None is left when the file was replaced after it was opened.
  if (stats.nlink > 1) return 'link';
  return stats.size > LARGEST_ENTRY_BYTES + FRAME_BYTES ? 'size' : undefined;
}

async function readWhole(handle: FileHandle, size: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0);
  return buffer.subarray(0, bytesRead);
}

const OPEN_TO_OTHERS = 0o077;
const FLAW_OF_OPEN_ERROR: ReadonlyMap<unknown, Flaw> = new Map<unknown, Flaw>([
  ['ELOOP', 'link'],
  // FreeBSD's word for it.
  ['EMLINK', 'link'],
  // A socket.
  ['ENXIO', 'foreign'],
]);
