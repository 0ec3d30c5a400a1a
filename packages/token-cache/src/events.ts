/**
 * What a cache and its stores tell whoever listens, on `node:diagnostics_channel`. No event holds a key or a value: `entry` is the
 * digest under which stores keep the key. While nobody listens, an event costs a look at a flag.
 */
import { type Channel, channel } from 'node:diagnostics_channel';
import { entryName } from './entry-name.ts';
import { TokenCacheError } from './errors.ts';

/** The events by the last part of their channel's name, which begins with `client-credentials:token-cache:`. */
export interface TokenCacheEvents {
  /** A fresh value was given from memory. */
  hit: EntryEvent;
  /** A value that is due was given from memory. `refreshing`: whether a flight renews it now. */
  due: EntryEvent & { readonly refreshing: boolean };
  /** No value could be given at once, so the call waits for a flight, or meets a refusal that is remembered. */
  miss: EntryEvent & { readonly reason: 'absent' | 'expired' | 'rejected' | 'forced' };
  /** A flight begins: for callers who wait, or in the background. */
  'flight-start': EntryEvent & { readonly background: boolean };
  /** A flight has ended. `found`: another process had left the value in the store. `error`: the failure's `code`, or its name. */
  'flight-end': EntryEvent & { readonly outcome: 'acquired' | 'found' | 'failed'; readonly durationMs: number; readonly error?: string };
  /** `held`: another process has it, and this one waits. `lost`: it ended, or was taken, before it was given back. */
  lease: EntryEvent & { readonly state: 'taken' | 'held' | 'lost' | 'released' };
  /** A value left to make room, or never found any. */
  eviction: EntryEvent & { readonly reason: 'expired' | 'entries' | 'bytes' };
  /** A store did not do what it was asked for, or held what cannot be used. The call went on as if nothing were there. */
  'store-failure': StoreFailure;
  /** A store that failed is left alone (`open`), or does what it is asked for again (`closed`). */
  circuit: { readonly cache: string; readonly state: 'open' | 'closed' };
}

export interface EntryEvent {
  /** The `name` of the cache. */
  readonly cache: string;
  readonly entry: string;
}

export interface StoreFailure {
  /** The `name` of the cache, or of the kind of store that noticed by itself. */
  readonly cache: string;
  readonly entry: string;
  readonly operation: 'read' | 'write' | 'delete' | 'lease' | 'renew' | 'release';
  /** What the store said, the failure's `code`, or its name: `READONLY`, `store_timeout`, `corrupt`, `ENOSPC`. */
  readonly error: string;
}

/** Publishes an event, which is made only if somebody listens. */
export function publish<N extends keyof TokenCacheEvents>(name: N, event: () => TokenCacheEvents[N]): void {
  const to = CHANNELS[name];
  if (to.hasSubscribers) to.publish(event());
}

/** The events of one cache. */
export class Events {
  readonly #cache: string;
  readonly #keyPrefix: string;

  constructor(cache: string, { keyPrefix = '' }: { keyPrefix?: string } = {}) {
    this.#cache = cache;
    this.#keyPrefix = keyPrefix;
  }

  publish<N extends EntryEventName>(name: N, key: string, fields: Omit<TokenCacheEvents[N], keyof EntryEvent>): void {
    const to = CHANNELS[name];
    if (to.hasSubscribers) to.publish({ cache: this.#cache, entry: entryName(this.#keyPrefix + key), ...fields });
  }

  /** On the way that nearly every call takes. */
  hit(key: string): void {
    if (HIT.hasSubscribers) this.publish('hit', key, {});
  }
}

/** The events of the cache itself about a key. */
export type EntryEventName = Exclude<keyof TokenCacheEvents, 'circuit' | 'store-failure'>;

/** How an error is named in an event: by what its store said, its code if that is a text, else its class. Messages may hold anything, and stay out. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if (error instanceof TokenCacheError && error.reason !== undefined) return error.reason;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}

const CHANNELS: Readonly<Record<keyof TokenCacheEvents, Channel>> = {
  hit: named('hit'),
  due: named('due'),
  miss: named('miss'),
  'flight-start': named('flight-start'),
  'flight-end': named('flight-end'),
  lease: named('lease'),
  eviction: named('eviction'),
  'store-failure': named('store-failure'),
  circuit: named('circuit'),
};

const HIT = CHANNELS.hit;

function named(name: keyof TokenCacheEvents): Channel {
  return channel(`client-credentials:token-cache:${name}`);
}
