/** A clock that is set forwards or back, or tells no time. */
import { describe, expect, test } from 'vitest';
import { holding } from './holding.ts';
import { createSource, DUE_MS, failing, HOUR_MS, SECOND_MS, START_MS, settled } from './support.ts';

describe('a clock that jumps', () => {
  test('forwards, past the expiry, ends the value', async () => {
    const { cache, clock } = await holding();
    clock.nowMs += 365 * 24 * HOUR_MS;
    expect(cache.peek('key')).toBeUndefined();
    await expect(cache.get('key', { acquire: failing })).rejects.toThrow('unreachable');
  });

  test('backwards keeps the value until its expiry by the clock, and background refreshes go on', async () => {
    const { cache, clock, first } = await holding();
    clock.nowMs = START_MS + DUE_MS;
    await cache.get('key', { acquire: failing });
    await settled();
    clock.nowMs = START_MS - 24 * HOUR_MS;
    expect(cache.peek('key')).toBe(first);
    clock.nowMs = START_MS + DUE_MS + 30 * SECOND_MS;
    const source = createSource();
    expect(await cache.get('key', source)).toBe(first);
    expect(source.calls).toHaveLength(1);
    clock.nowMs = START_MS + HOUR_MS;
    expect(cache.peek('key')).toBeUndefined();
  });

  test('to no number at all leaves nothing fresh', async () => {
    const { cache, clock } = await holding();
    clock.nowMs = Number.NaN;
    expect(cache.peek('key')).toBeUndefined();
    await expect(cache.get('key', { acquire: failing })).rejects.toThrow('unreachable');
  });
});
