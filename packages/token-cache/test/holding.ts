/** A cache that has a value from the start. */
import { createTokenCache, type TokenCache, type TokenCacheOptions } from '@client-credentials/token-cache';
import { type Clock, createClock, HOUR_MS, type Value, value } from './support.ts';

export interface Holding {
  readonly cache: TokenCache<Value>;
  readonly clock: Clock;
  readonly first: Value;
}

/** Without jitter, and with its value under 'key'. */
export async function holding({
  lifetimeMs = HOUR_MS,
  ...options
}: TokenCacheOptions<Value> & { lifetimeMs?: number } = {}): Promise<Holding> {
  const clock = createClock();
  const cache = createTokenCache<Value>({ now: clock.now, policy: { jitter: 0 }, ...options });
  const first = value('first', { lifetimeMs });
  await cache.get('key', { acquire: async () => first });
  return { cache, clock, first };
}
