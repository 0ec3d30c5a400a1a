/** A store that notes how much is asked of it while the cache leaves it alone, and the events that tell of both. */
import { subscribe } from 'node:diagnostics_channel';
import type { Store, TokenCacheEvents } from '@client-credentials/token-cache';
import type { Report } from './orders.ts';

export interface WatchedStore {
  readonly store: Store;
  readonly report: () => Omit<Report, 'calls' | 'errors'>;
}

/** For the one cache of a process. */
export function watchStore(store: Store): WatchedStore {
  const leases: Record<string, number> = {};
  let openedAtMs: number | undefined;
  let openMs = 0;
  let timesOpened = 0;
  let askedWhileOpen = 0;

  on('lease', ({ state }) => {
    leases[state] = (leases[state] ?? 0) + 1;
  });
  on('circuit', ({ state }) => {
    if (state === 'open') timesOpened += 1;
    if (state === 'closed' && openedAtMs !== undefined) openMs += Date.now() - openedAtMs;
    openedAtMs = state === 'open' ? Date.now() : undefined;
  });
  const noted = <T>(operation: Promise<T>): Promise<T> => {
    if (openedAtMs !== undefined) askedWhileOpen += 1;
    return operation;
  };
  return {
    store: {
      read: (name, context) => noted(store.read(name, context)),
      write: (name, entry) => noted(store.write(name, entry)),
      delete: (name) => noted(store.delete(name)),
      lease: (name, ttlMs) => noted(store.lease?.(name, ttlMs) ?? Promise.resolve(undefined)),
    },
    report: () => ({
      leases,
      circuit: openedAtMs === undefined ? 'closed' : 'open',
      timesOpened,
      openMs: openMs + (openedAtMs === undefined ? 0 : Date.now() - openedAtMs),
      askedWhileOpen,
    }),
  };
}

function on<N extends keyof TokenCacheEvents>(name: N, listener: (event: TokenCacheEvents[N]) => void): void {
  subscribe(`client-credentials:token-cache:${name}`, (event) => listener(event as TokenCacheEvents[N]));
}
