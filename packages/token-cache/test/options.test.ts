import { createTokenCache, TokenCacheError, type TokenCacheOptions } from '@client-credentials/token-cache';
import { expect, test } from 'vitest';
import { createClock, HOUR_MS, MINUTE_MS, START_MS, unexpected, value } from './support.ts';

test.each<[TokenCacheOptions, string]>([
  [{ maxEntries: 0 }, 'maxEntries is 0, expected a whole number of at least 1'],
  [{ maxEntries: 1.5 }, 'maxEntries is 1.5, expected a whole number of at least 1'],
  [{ maxEntries: Number.POSITIVE_INFINITY }, 'maxEntries is Infinity, expected a whole number of at least 1'],
  [{ flightTimeoutMs: Number.NaN }, 'flightTimeoutMs is NaN, expected a number from 1 to 2147483647'],
  [{ flightTimeoutMs: 2 ** 31 }, 'flightTimeoutMs is 2147483648, expected a number from 1 to 2147483647'],
  [{ policy: { marginMs: -1 } }, 'policy.marginMs is -1, expected a number from 0 to 9007199254740991'],
  [{ policy: { refreshBeforeMs: Number.NaN } }, 'policy.refreshBeforeMs is NaN, expected a number from 0 to 9007199254740991'],
  [{ policy: { jitter: 1.1 } }, 'policy.jitter is 1.1, expected a number from -1 to 1'],
])('%o is refused', (options, message) => {
  expect(() => createTokenCache(options)).toThrow(new TokenCacheError('invalid_option', message));
});

test('an option that is undefined is as good as absent', async () => {
  const cache = createTokenCache({
    maxEntries: undefined,
    policy: { marginMs: undefined, refreshBeforeMs: undefined, jitter: undefined },
    flightTimeoutMs: undefined,
    isPermanent: undefined,
    now: undefined,
    random: undefined,
  });
  const kept = value('kept', { atMs: Date.now() });
  expect(await cache.get('key', { acquire: async () => kept, signal: undefined, deadlineAtMs: undefined, rejected: undefined })).toBe(kept);
  expect(await cache.get('key', { acquire: unexpected, forceRefresh: undefined })).toBe(kept);
});

test('the policy is read once: changing the object changes nothing', async () => {
  const policy = { jitter: 0, refreshBeforeMs: MINUTE_MS };
  const cache = createTokenCache({ now: createClock().now, policy });
  policy.refreshBeforeMs = 2 * MINUTE_MS;
  await cache.get('key', { acquire: async () => value('kept', { lifetimeMs: HOUR_MS }) });
  expect(cache.inspect('key')?.dueAtMs).toBe(START_MS + 58 * MINUTE_MS);
});
