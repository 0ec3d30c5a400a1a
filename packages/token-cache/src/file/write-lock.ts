/** The lock under which an entry is replaced: held for a few system calls, and waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TokenCacheError } from '../errors.ts';
import type { Lease } from '../store.ts';
import { takeLock } from './lock.ts';

/**
 * Does something while no other process does it under the same lock. A crashed holder is waited for 200 ms, living ones for about
 * 250 ms in all: less than anybody gives a store.
 *
 * @throws {TokenCacheError} `store_unavailable` if the lock cannot be had in that time: others write this entry, and the store is well
 */
export async function withWriteLock(
  path: string,
  { now, signal, action }: { now: () => number; signal?: AbortSignal | undefined; action: (lock: Lease) => Promise<void> },
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await sleep(PAUSE_MS, undefined, { signal });
    const lock = await takeLock(path, { ttlMs: WRITE_LOCK_MS, now });
    if (lock === undefined) continue;
    try {
      return await action(lock);
    } finally {
      await lock.release();
    }
  }
  throw contended();
}

export function contended(): TokenCacheError {
  return new TokenCacheError('store_unavailable', 'other processes hold the lock of the entry', { reason: 'contended' });
}

const WRITE_LOCK_MS = 200;
const PAUSE_MS = 10;
const ATTEMPTS = 25;
