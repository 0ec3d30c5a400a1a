/** The end of a cache: of its flights, of who waits for them, and of what it holds. */
import { createTokenCache } from '@client-credentials/token-cache';
import { describe, expect, test } from 'vitest';
import { holding } from './holding.ts';
import { createSource, HARD_MS, START_MS, unexpected, type Value, value } from './support.ts';

describe('a closed cache', () => {
  test('aborts its flights, rejects who waits and who comes, and holds nothing', async () => {
    const { cache, clock } = await holding();
    clock.nowMs = START_MS + HARD_MS;
    const source = createSource();
    const outcomes = Promise.allSettled([cache.get('key', source), cache.get('other', source)]);
    await cache.close();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'closed', transient: false } });
    expect(source.calls.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    await expect(cache.get('key', { acquire: unexpected })).rejects.toMatchObject({ code: 'closed' });
    expect([cache.peek('key'), cache.size]).toEqual([undefined, 0]);
  });

  // At whichever of these steps a value lands.
  test.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'gives only what had landed when it was closed, and keeps nothing, %i promises further',
    async (steps) => {
      const cache = createTokenCache<Value>();
      const source = createSource();
      const outcome = cache.get('key', source).then(
        ({ name }) => name,
        ({ code }) => code,
      );
      source.calls[0]?.resolve(value('late', { atMs: Date.now() }));
      for (let step = 0; step < steps; step += 1) await null;
      const hasLanded = cache.size === 1;
      await cache.close();
      expect(await outcome).toBe(hasLanded ? 'late' : 'closed');
      expect(cache.size).toBe(0);
    },
  );

  test('starts no flight for those who waited out one from before a removal', async () => {
    const cache = createTokenCache<Value>();
    const before = cache.get('key', createSource());
    await cache.delete('key');
    const after = cache.get('key', { acquire: unexpected });
    await cache.close();
    for (const outcome of await Promise.allSettled([before, after])) expect(outcome).toMatchObject({ reason: { code: 'closed' } });
  });

  test('is what `await using` leaves behind', async () => {
    const { cache } = await holding();
    await cache[Symbol.asyncDispose]();
    await expect(cache.get('key', { acquire: unexpected })).rejects.toMatchObject({ code: 'closed' });
  });
});
