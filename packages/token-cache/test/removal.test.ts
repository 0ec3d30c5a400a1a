/** Removal by key and by tag, and the bound in bytes: which values go, which stay, and who is still served. */
import { createTokenCache, type TokenCache, type TokenCacheOptions } from '@client-credentials/token-cache';
import { describe, expect, test } from 'vitest';
import { estimateBytes } from '../src/value-size.ts';
import { holding } from './holding.ts';
import { createClock, createSource, SECOND_MS, START_MS, settled, unexpected, type Value, value } from './support.ts';

describe('a removal', () => {
  test('says whether there was a value', async () => {
    const { cache } = await holding();
    expect([await cache.delete('key'), await cache.delete('key'), cache.size, cache.peek('key')]).toEqual([true, false, 0, undefined]);
  });

  test.each(['delete', 'clear'] as const)(
    'by %s lets the flight serve who waits, keeps nothing of it, and later calls fly anew',
    async (removal) => {
      const cache = createTokenCache<Value>();
      const source = createSource();
      const before = cache.get('key', source);
      await cache[removal]('key');
      const after = cache.get('key', source);
      expect(source.calls).toHaveLength(1);

      const old = value('old', { atMs: Date.now() });
      source.calls[0]?.resolve(old);
      expect(await before).toBe(old);
      expect(cache.size).toBe(0);
      await settled();
      expect(source.calls).toHaveLength(2);

      const next = value('next', { atMs: Date.now() });
      source.calls[1]?.resolve(next);
      expect(await after).toBe(next);
      expect(cache.peek('key')).toBe(next);
    },
  );

  test('has later calls fly with the options they were given, whatever became of the object since', async () => {
    const cache = createTokenCache<Value>();
    const source = createSource();
    const before = cache.get('key', source);
    await cache.delete('key');
    const next = value('next', { atMs: Date.now() });
    const options = { acquire: async () => next };
    const after = cache.get('key', options);
    options.acquire = unexpected;
    source.calls[0]?.reject(new Error('revoked'));
    await expect(before).rejects.toThrow('revoked');
    expect(await after).toBe(next);
  });

  test('also parts later calls from a failure of the flight before it', async () => {
    const cache = createTokenCache<Value>();
    const source = createSource();
    const before = cache.get('key', source);
    await cache.delete('key');
    const next = value('next', { atMs: Date.now() });
    const after = cache.get('key', { acquire: async () => next });
    source.calls[0]?.reject(new Error('revoked'));
    await expect(before).rejects.toThrow('revoked');
    expect(await after).toBe(next);
  });
});

describe('a tag', () => {
  test('removes every value that carries it, and tells how many', async () => {
    const cache = await filled([
      ['a', ['tenant 1', 'graph']],
      ['b', ['tenant 1']],
      ['c', ['tenant 2', 'graph']],
      ['d', []],
    ]);
    expect(await cache.deleteTag('tenant 1')).toBe(2);
    expect(keptOf(cache, ['a', 'b', 'c', 'd'])).toEqual(['c', 'd']);
    expect([await cache.deleteTag('tenant 1'), await cache.deleteTag('graph'), await cache.deleteTag('unknown')]).toEqual([0, 1, 0]);
  });

  test('belongs to the value: the next one carries those of its own flight', async () => {
    const cache = await filled([['a', ['old']]]);
    await cache.get('a', { acquire: async () => value('new'), forceRefresh: true, tags: ['new'] });
    expect([await cache.deleteTag('old'), await cache.deleteTag('new')]).toEqual([0, 1]);
  });

  test('goes with a value that is removed or evicted', async () => {
    const cache = await filled(
      [
        ['a', ['tag']],
        ['b', ['tag']],
      ],
      { maxEntries: 1 },
    );
    expect(await cache.deleteTag('tag')).toBe(1);
    await cache.get('a', { acquire: async () => value('a'), tags: ['tag'] });
    await cache.delete('a');
    expect(await cache.deleteTag('tag')).toBe(0);
    await cache.get('a', { acquire: async () => value('a'), tags: ['tag'] });
    await cache.clear();
    expect(await cache.deleteTag('tag')).toBe(0);
  });

  test('also removes what a flight under way is about to bring', async () => {
    const cache = createTokenCache<Value>({ now: createClock().now });
    const [tagged, other] = [createSource(), createSource()];
    const waiting = [cache.get('a', { ...tagged, tags: ['tag'] }), cache.get('b', { ...other, tags: ['other'] })];
    await cache.deleteTag('tag');
    for (const source of [tagged, other]) source.calls[0]?.resolve(value('late'));
    await Promise.all(waiting);
    expect(keptOf(cache, ['a', 'b'])).toEqual(['b']);
  });
});

test('a tag belongs to a value whatever becomes of the list it was given in', async () => {
  const cache = createTokenCache<Value>({ now: createClock().now });
  const tags = ['one'];
  await cache.get('a', { acquire: async () => value('a'), tags });
  tags[0] = 'other';
  await cache.delete('a');
  await cache.get('a', { acquire: async () => value('a') });
  expect([await cache.deleteTag('one'), await cache.deleteTag('other'), cache.size]).toEqual([0, 0, 1]);
});

test('a tag also removes the renewal of its value that is under way, though that was asked for without it', async () => {
  const clock = createClock();
  const cache = createTokenCache<Value>({ now: clock.now });
  await cache.get('a', { acquire: async () => value('a'), tags: ['tag'] });
  const source = createSource();
  const renewing = cache.get('a', { ...source, forceRefresh: true });
  expect(await cache.deleteTag('tag')).toBe(1);
  source.calls[0]?.resolve(value('renewed'));
  await renewing;
  expect(cache.size).toBe(0);
});

describe('the bound in bytes', () => {
  const sizeOf = ({ name }: Value): number => name.length * 100;

  test('lets go what is needed least until there is room, keys included', async () => {
    const cache = createTokenCache<Value>({ now: createClock().now, maxBytes: 1_003, sizeOf });
    for (const [key, name] of [
      ['a', 'xxx'],
      ['b', 'xxx'],
      ['c', 'xxxx'],
    ] as const)
      await put(cache, key, name);
    expect(keptOf(cache, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
    cache.peek('a');
    await put(cache, 'd', 'xxxxx');
    expect(keptOf(cache, ['a', 'b', 'c', 'd'])).toEqual(['a', 'd']);
  });

  test('lets expired values go first', async () => {
    const clock = createClock();
    const cache = createTokenCache<Value>({ now: clock.now, maxBytes: 402, sizeOf });
    await put(cache, 'a', 'xx');
    await cache.get('b', { acquire: async () => value('xx', { lifetimeMs: SECOND_MS }) });
    clock.nowMs += SECOND_MS;
    await put(cache, 'c', 'xx');
    expect(keptOf(cache, ['a', 'b', 'c'])).toEqual(['a', 'c']);
  });

  test('keeps nothing of a value that is bigger by itself, and drops none of the others for it', async () => {
    const cache = createTokenCache<Value>({ now: createClock().now, maxBytes: 402, sizeOf });
    await put(cache, 'a', 'xx');
    expect((await put(cache, 'big', 'xxxxx')).name).toBe('xxxxx');
    expect(keptOf(cache, ['a', 'big'])).toEqual(['a']);
  });

  test('counts a renewed value in place of the old one, and frees what is removed', async () => {
    const cache = createTokenCache<Value>({ now: createClock().now, maxBytes: 602, sizeOf });
    await put(cache, 'a', 'xxxx');
    await put(cache, 'b', 'xx');
    await cache.get('a', { acquire: async () => value('xx'), forceRefresh: true });
    await cache.delete('b');
    await put(cache, 'c', 'xxxx');
    expect(keptOf(cache, ['a', 'b', 'c'])).toEqual(['a', 'c']);
  });

  test.each([Number.NaN, -1, undefined as never])('falls back to an estimate when the size is said to be %s', async (size) => {
    const cache = createTokenCache<Value>({ now: createClock().now, maxBytes: 500, sizeOf: () => size });
    for (const key of ['a', 'b']) await put(cache, key, 'x'.repeat(300));
    expect(keptOf(cache, ['a', 'b'])).toEqual(['b']);
  });

  test('likewise when telling the size fails', async () => {
    const fails = (): number => {
      throw new Error('no size');
    };
    const cache = createTokenCache<Value>({ now: createClock().now, maxBytes: 500, sizeOf: fails });
    for (const key of ['a', 'b']) await put(cache, key, 'x'.repeat(300));
    expect(keptOf(cache, ['a', 'b'])).toEqual(['b']);
  });

  test('by default is 64 MiB, and a value counts as long as what the codec makes of it', async () => {
    const encode = ({ name }: Value): Uint8Array => new Uint8Array(Number(name) * 1024 * 1024);
    const cache = createTokenCache<Value>({ now: createClock().now, codec: { encode, decode: () => value('') } });
    for (const key of ['a', 'b', 'c']) await put(cache, key, '30');
    expect(keptOf(cache, ['a', 'b', 'c'])).toEqual(['b', 'c']);
  });
});

describe('the estimate of a size', () => {
  test('follows the texts and bytes a value holds', () => {
    const sizeOf = (length: number): number =>
      estimateBytes({ token: 'x'.repeat(length), raw: new Uint8Array(length), list: ['y'.repeat(length)] });
    expect(sizeOf(1_000) - sizeOf(0)).toBe(3_000);
  });

  test('ends at a circle, after a thousand objects, and calls no getter', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(estimateBytes(circle)).toBeLessThan(100);
    let deep: unknown = 'x'.repeat(1_000_000);
    for (let level = 0; level < 2_000; level += 1) deep = { deep };
    expect(estimateBytes(deep)).toBeLessThan(100_000);
    const hostile = {
      get trap(): never {
        throw new Error('called');
      },
    };
    expect(estimateBytes(hostile)).toBeLessThan(100);
  });
});

function put(cache: TokenCache<Value>, key: string, name: string): Promise<Value> {
  return cache.get(key, { acquire: async () => value(name) });
}

async function filled(
  list: readonly (readonly [string, readonly string[]])[],
  options?: TokenCacheOptions<Value>,
): Promise<TokenCache<Value>> {
  const cache = createTokenCache<Value>({ now: () => START_MS, ...options });
  for (const [key, tags] of list) await cache.get(key, { acquire: async () => value(key), tags });
  return cache;
}

function keptOf(cache: TokenCache<Value>, keys: readonly string[]): readonly string[] {
  return keys.filter((key) => cache.inspect(key) !== undefined);
}
