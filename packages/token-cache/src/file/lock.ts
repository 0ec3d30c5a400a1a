/**
 * A lock as a file: there is one holder, until the time the file bears, or until it is given back. A holder acts on its lock only
 * before that time and everybody else only after it, so a lock of a crashed process is in nobody's way for long.
 */
import { randomBytes } from 'node:crypto';
import { link, lstat, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Lease } from '../store.ts';
import { claimPath } from './file-names.ts';
import { createTemporary, errorCode, ignoring, READ_FLAGS, removeFile, setUsefulUntil } from './files.ts';

export interface LockOptions {
  /** For how long the lock is held. All who take it ask for the same. */
  readonly ttlMs: number;
  readonly now: () => number;
}

/**
 * Takes the lock, or says at once that it cannot be had now. Two who take it get it one only, also when both find that its holder
 * is dead. That breaks when the clock is set, or when a process is halted for the whole time between a look and a deed.
 */
export async function takeLock(path: string, options: LockOptions): Promise<Lease | undefined> {
  const state = await stateOf(path, options);
  if (state === 'held') return undefined;
  const owner = randomBytes(16).toString('base64url');
  // Made aside and linked to its place, a lock has its owner and its time from the first moment, and replaces no other.
  const prepared = await createTemporary(dirname(path), Buffer.from(owner));
  try {
    const expiresAtMs = options.now() + options.ttlMs;
    await setUsefulUntil(prepared, expiresAtMs);
    const isTaken = state === 'free' ? await linkNew(prepared, path) : await takeOver(prepared, { path, options });
    return isTaken ? new HeldLock({ path, owner, expiresAtMs, options }) : undefined;
  } finally {
    await removeFile(prepared);
  }
}

class HeldLock implements Lease {
  readonly #path: string;
  readonly #owner: string;
  readonly #options: LockOptions;
  #expiresAtMs: number;

  constructor({ path, owner, expiresAtMs, options }: { path: string; owner: string; expiresAtMs: number; options: LockOptions }) {
    this.#path = path;
    this.#owner = owner;
    this.#options = options;
    this.#expiresAtMs = expiresAtMs;
  }

  async renew(): Promise<boolean> {
    if (!(await this.#isHeld())) return false;
    const expiresAtMs = this.#options.now() + this.#options.ttlMs;
    try {
      await setUsefulUntil(this.#path, expiresAtMs);
    } catch (error) {
      // Removed between the look and the deed.
      ignoring('ENOENT')(error);
      return false;
    }
    this.#expiresAtMs = expiresAtMs;
    return true;
  }

  async release(): Promise<void> {
    if (await this.#isHeld()) await removeFile(this.#path);
  }

  async #isHeld(): Promise<boolean> {
    return this.#options.now() < this.#expiresAtMs && (await readOwner(this.#path)) === this.#owner;
  }
}

/**
 * Puts a lock in the place of a dead one. Many may want to at once: who holds the claim looks again, and is alone in replacing it.
 * A claim whose holder is dead too is removed, and the next attempt succeeds.
 */
async function takeOver(prepared: string, { path, options }: { path: string; options: LockOptions }): Promise<boolean> {
  const claim = claimPath(path);
  if (!(await linkNew(prepared, claim))) {
    if ((await stateOf(claim, options)) === 'dead') await removeFile(claim);
    return false;
  }
  try {
    if ((await stateOf(path, options)) !== 'dead') return false;
    await rename(prepared, path);
    return true;
  } finally {
    await removeFile(claim);
  }
}

async function stateOf(path: string, { ttlMs, now }: LockOptions): Promise<'free' | 'held' | 'dead'> {
  const stats = await lstat(path).catch(ignoring('ENOENT'));
  if (stats === undefined) return 'free';
  const leftMs = stats.mtimeMs - now();
  // Much more is left than anybody asks for: the clock was set back.
  return leftMs > 0 && leftMs <= 2 * ttlMs ? 'held' : 'dead';
}

async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readOwner(path: string): Promise<string | undefined> {
  const handle = await open(path, READ_FLAGS).catch(ignoring('ENOENT'));
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(OWNER_LENGTH), 0, OWNER_LENGTH, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

const OWNER_LENGTH = 22;
