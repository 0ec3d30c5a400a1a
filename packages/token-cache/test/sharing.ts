/** Caches that share one store, as processes would: one clock, a codec, and sleeps that end when the test says so. */
import { type Codec, createTokenCache, type TokenCache, type TokenCacheOptions } from '@client-credentials/token-cache';
import { entryName } from '../src/entry-name.ts';
import { buildEnvelope, readEnvelope } from '../src/envelope.ts';
import { MemoryStore } from './memory-store.ts';
import { type Clock, createClock, settled, type Value } from './support.ts';

/** Values as JSON; throws for anything else, as a codec should. */
export const CODEC: Codec<Value> = {
  encode: (value) => Buffer.from(JSON.stringify(value)),
  decode: (bytes) => {
    const value = JSON.parse(Buffer.from(bytes).toString());
    if (typeof value.name !== 'string') throw new TypeError('no value');
    return Object.freeze(value);
  },
};

export interface Sharing {
  readonly clock: Clock;
  readonly store: MemoryStore;
  /** Another process: a cache of its own over the same store, without jitter. */
  readonly join: (options?: TokenCacheOptions<Value>) => TokenCache<Value>;
  /** The pauses that are being slept, in milliseconds. */
  readonly pauses: number[];
  /** Ends every sleep, and lets run what waited for it. */
  readonly wake: () => Promise<void>;
  /** Lays a value into the store as if a process had left it. */
  readonly leave: (key: string, value: Value) => void;
}

export function createSharing(): Sharing {
  const clock = createClock();
  const store = new MemoryStore({ now: clock.now });
  const pauses: number[] = [];
  let sleepers: (() => void)[] = [];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      pauses.push(ms);
      sleepers.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  return {
    clock,
    store,
    pauses,
    join: (options) => createTokenCache({ now: clock.now, sleep, store, codec: CODEC, policy: { jitter: 0 }, ...options }),
    wake: async () => {
      const woken = sleepers;
      sleepers = [];
      pauses.length = 0;
      for (const wakeUp of woken) wakeUp();
      await settled();
    },
    leave: (key, value) => {
      const { expiresAtMs } = value;
      store.entries.set(entryName(key), { bytes: buildEnvelope(key, { expiresAtMs, payload: CODEC.encode(value) }), expiresAtMs });
    },
  };
}

/** The value that lies in the store under a key, as its codec reads it. */
export function inStore(store: MemoryStore, key: string): Value | undefined {
  const bytes = store.entries.get(entryName(key))?.bytes;
  const envelope = bytes && readEnvelope(key, bytes);
  return envelope && CODEC.decode(envelope.payload);
}
