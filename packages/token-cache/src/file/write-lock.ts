/** The lock under which an entry is replaced: held for a few system calls, and waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TokenCacheError } from '../errors.ts';
import type { Lease } from '../store.ts';
import { takeLock } from './lock.ts';

/**
 * Does something while no other process does it under the same lock. A crashed holder is waited for 200 ms, a living one for 250 ms:
 * both fit into the 300 ms that one store over another gives each of the two.
 *
 * @throws {TokenCacheError} `store_unavailable`, `contended`, if the lock cannot be had in that time
 */
export async function withWriteLock(
  path: string,
  { now, signal, action }: { now: () => number; signal?: AbortSignal | undefined; action: (lock: Lease) => Promise<void> },
): Promise<void> {
  // On a clock that nobody sets.
  const giveUpAtMs = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const lock = await takeLock(path, { ttlMs: WRITE_LOCK_MS, now });
    if (lock !== undefined) return await actUnder(lock, action);
    if (performance.now() >= giveUpAtMs) throw contended();
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

/** Another process writes the entry, or has taken the lock over. That is no time-out: a store whose writers meet answers well. */
export function contended(): TokenCacheError {
  return new TokenCacheError('store_unavailable', 'another process holds the lock of the entry', { reason: 'contended' });
}

async function actUnder(lock: Lease, action: (lock: Lease) => Promise<void>): Promise<void> {
  try {
    await action(lock);
  } finally {
    await lock.release();
  }
}

const WRITE_LOCK_MS = 200;
const LONGEST_WAIT_MS = 250;
const PAUSE_MS = 15;
