/** Removes what is of no more use: expired entries, dead locks, and what crashed writers left. In the background, and never in full. */
import { randomInt } from 'node:crypto';
import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isStoreFile } from './file-names.ts';

/**
 * Looks at a part of the directory after the first write, and then after every hundredth or after five minutes. As each time looks
 * at more files than were written since, a directory does not grow beyond what is of use in it.
 */
export class Sweeper {
  readonly #directory: string;
  readonly #now: () => number;
  #sweptAtMs: number | undefined;
  #writes = 0;

  constructor(directory: string, { now }: { now: () => number }) {
    this.#directory = directory;
    this.#now = now;
  }

  /** Starts a sweep if it is time for one. Nobody waits for it and nobody hears of its failure. */
  afterWrite(): void {
    const nowMs = this.#now();
    this.#writes += 1;
    if (this.#sweptAtMs !== undefined && this.#writes < WRITES_BETWEEN && nowMs - this.#sweptAtMs < PAUSE_MS) return;
    this.#sweptAtMs = nowMs;
    this.#writes = 0;
    sweep(this.#directory, { nowMs }).catch(() => {});
  }
}

async function sweep(directory: string, { nowMs }: { nowMs: number }): Promise<void> {
  const files = (await readdir(directory)).filter(isStoreFile);
  // From anywhere, so that short-lived processes too come to all of them in the end.
  const start = randomInt(Math.max(files.length, 1));
  for (const file of [...files.slice(start), ...files.slice(0, start)].slice(0, FILES_LOOKED_AT)) {
    await sweepFile(join(directory, file), { nowMs }).catch(() => {});
  }
}

/** One that is written anew between the look and the deed is lost: that costs an acquisition and no more. */
async function sweepFile(path: string, { nowMs }: { nowMs: number }): Promise<void> {
  const stats = await lstat(path);
  // The minute is for files that bear no time of use yet, because they are being written.
  if (stats.isFile() && stats.mtimeMs + GRACE_MS < nowMs) await unlink(path);
}

const PAUSE_MS = 300_000;
const WRITES_BETWEEN = 100;
const FILES_LOOKED_AT = 500;
const GRACE_MS = 60_000;
