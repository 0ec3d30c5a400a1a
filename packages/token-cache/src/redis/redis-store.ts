/** Entries and leases in Redis or Valkey, each for its time. */
import { TokenCacheError } from '../errors.ts';
import { publish } from '../events.ts';
import { expectWithin, invalid, LONGEST_TIMER_MS } from '../option-checks.ts';
import type { Store } from '../store.ts';
import { deleteEntry, getEntry, setUnlessLater } from './commands.ts';
import { readConnection } from './connection.ts';
import { takeLease } from './lease.ts';
import { readBytes } from './reply.ts';
import { type Ask, askWithin } from './request.ts';

export interface RedisStoreOptions {
  /**
   * A connected client of `redis` (a client, a pool, a cluster or a Sentinel) or of `ioredis` (`Redis` or `Cluster`). It stays
   * yours: the store neither listens to it nor closes it. So a client of `redis` needs an `error` listener of your own, without
   * which Node ends the process when the connection breaks.
   */
  readonly client: object;
  /** What the keys begin with, so that several programs can share a server. No braces. Default `client-credentials:`. */
  readonly keyPrefix?: string | undefined;
  /** How long one command is waited for. Default 500 ms. */
  readonly timeoutMs?: number | undefined;
  /** The clock by which time to live is reckoned, in epoch milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * A store for processes that share a server. An operation is one command and takes `timeoutMs` at most, whatever the state of the
 * connection. Keys hold digests. Values are what the cache hands over, in base64: whoever can read the server can read them,
 * unless they are encrypted. Of two entries the later is the one with more time left, whatever the clocks of their writers say.
 *
 * Its promises reject with `store_timeout`, or with `store_unavailable` and a `reason`, one word of what the server or the client
 * said. What is no entry, of whatever type, is a miss and a `store-failure` event.
 *
 * @throws {TokenCacheError} `invalid_option`
 * @see https://redis.io/docs/latest/commands/set/ for the lease
 */
export function redisStore(options: RedisStoreOptions): Store {
  const { ask, keyPrefix, now } = readOptions(options);
  // In a cluster what stands in braces alone decides the node, so an entry and its lease lie together.
  const entryKey = (name: string): string => `${keyPrefix}{${name}}`;
  return {
    async read(name, { signal }) {
      const found = await ask(getEntry(entryKey(name)), { signal }).then(readBytes, corruptIfOfAnotherType);
      if (found !== 'corrupt') return found;
      publish('store-failure', () => ({ cache: 'redis', entry: name, operation: 'read', error: 'corrupt' }));
      return undefined;
    },
    async write(name, { bytes, expiresAtMs, signal }) {
      const ttlMs = Math.floor(expiresAtMs - now());
      if (ttlMs < 1) return;
      await ask(setUnlessLater(entryKey(name), { bytes, ttlMs }), { signal });
    },
    async delete(name) {
      await ask(deleteEntry(entryKey(name)));
    },
    lease: (name, ttlMs) => takeLease(ask, { key: `${entryKey(name)}:lease`, ttlMs }),
  };
}

function readOptions({ client, keyPrefix = 'client-credentials:', timeoutMs = 500, now = Date.now }: RedisStoreOptions): {
  readonly ask: Ask;
  readonly keyPrefix: string;
  readonly now: () => number;
} {
  if (typeof keyPrefix !== 'string' || /[{}]/.test(keyPrefix)) throw invalid('keyPrefix', keyPrefix, 'a text without braces');
  expectWithin('timeoutMs', timeoutMs, [1, LONGEST_TIMER_MS]);
  return { ask: askWithin(timeoutMs, readConnection(client)), keyPrefix, now };
}

/** What somebody else has put there, such as a list, gives way to the next write like any other foreign value. */
function corruptIfOfAnotherType(error: unknown): 'corrupt' {
  if (error instanceof TokenCacheError && error.reason === 'WRONGTYPE') return 'corrupt';
  throw error;
}
