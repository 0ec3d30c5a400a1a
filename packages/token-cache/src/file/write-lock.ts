/** The lock under which an entry is replaced: held for a few system calls, and waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TokenCacheError } from '../errors.ts';
import type { Lease } from '../store.ts';
import { takeLock } from './lock.ts';

/**
 * Does something while no other process does it under the same lock. A crashed holder is waited for half a second, a living one
 * for three quarters of a second: both less than the second that a cache gives a store.
 *
 * @throws {TokenCacheError} `store_timeout` if the lock cannot be had in that time
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
  throw lockTimeout();
}

export function lockTimeout(): TokenCacheError {
  return new TokenCacheError('store_timeout', 'another process holds the lock of the entry');
}

const WRITE_LOCK_MS = 500;
const PAUSE_MS = 15;
const ATTEMPTS = 50;
