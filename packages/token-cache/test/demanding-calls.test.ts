/** Calls that are not content with the value at hand: they reject it, or have it renewed whatever it is. */
import { describe, expect, test } from 'vitest';
import { holding } from './holding.ts';
import { createSource, DUE_MS, failing, HARD_MS, START_MS, unexpected, value } from './support.ts';

describe('a rejected value', () => {
  test('is acquired anew once by a hundred callers who hold it', async () => {
    const { cache, clock, first } = await holding();
    const source = createSource();
    const rejecting = () => cache.get('key', { acquire: source.acquire, rejected: first });
    const waiting = Array.from({ length: 50 }, rejecting);
    expect(cache.peek('key')).toBeUndefined();
    const second = value('second', { atMs: clock.nowMs });
    source.calls[0]?.resolve(second);
    const later = Array.from({ length: 50 }, rejecting);
    expect(new Set(await Promise.all([...waiting, ...later]))).toEqual(new Set([second]));
    expect(await rejecting()).toBe(second);
    expect(source.calls).toHaveLength(1);
  });

  test('is not given again, even as the last resort', async () => {
    const { cache, first } = await holding();
    await expect(cache.get('key', { acquire: failing, rejected: first })).rejects.toThrow('unreachable');
    await expect(cache.get('key', { acquire: failing })).rejects.toThrow('unreachable');
  });

  test('is not the last resort of those who waited before it was rejected', async () => {
    const { cache, clock, first } = await holding();
    clock.nowMs = START_MS + HARD_MS;
    const source = createSource();
    const outcomes = Promise.allSettled([cache.get('key', source), cache.get('key', { ...source, rejected: first })]);
    source.calls[0]?.reject(new Error('unreachable'));
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('joins the flight that is under way', async () => {
    const { cache, clock, first } = await holding();
    clock.nowMs = START_MS + DUE_MS;
    const source = createSource();
    await cache.get('key', source);
    const waiting = cache.get('key', { acquire: unexpected, rejected: first });
    const second = value('second', { atMs: clock.nowMs });
    source.calls[0]?.resolve(second);
    expect(await waiting).toBe(second);
  });

  test('leaves another value, equal or not, as it is', async () => {
    const { cache, first } = await holding();
    expect(await cache.get('key', { acquire: unexpected, rejected: { ...first } })).toBe(first);
  });
});

describe('a forced refresh', () => {
  test('waits for a new value while others go on with the old', async () => {
    const { cache, clock, first } = await holding();
    const source = createSource();
    const forced = cache.get('key', { acquire: source.acquire, forceRefresh: true });
    expect(cache.peek('key')).toBe(first);
    const second = value('second', { atMs: clock.nowMs });
    source.calls[0]?.resolve(second);
    expect(await forced).toBe(second);
    expect(cache.peek('key')).toBe(second);
  });

  test('joins the flight that is under way', async () => {
    const { cache, clock } = await holding();
    clock.nowMs = START_MS + DUE_MS;
    const source = createSource();
    await cache.get('key', source);
    const forced = cache.get('key', { acquire: unexpected, forceRefresh: true });
    const second = value('second', { atMs: clock.nowMs });
    source.calls[0]?.resolve(second);
    expect(await forced).toBe(second);
  });

  test('fails if the flight fails, and the old value stays', async () => {
    const { cache, first } = await holding();
    await expect(cache.get('key', { acquire: failing, forceRefresh: true })).rejects.toThrow('unreachable');
    expect(cache.peek('key')).toBe(first);
  });
});
