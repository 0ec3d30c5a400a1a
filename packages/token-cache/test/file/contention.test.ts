/** An entry that another process is writing: waited for, told, and no reason to leave the store alone. */
import { createTokenCache } from '@client-credentials/token-cache';
import { expect, test, vi } from 'vitest';
import { takeLock } from '../../src/file/lock.ts';
import { withWriteLock } from '../../src/file/write-lock.ts';
import { listenTo } from '../listening.ts';
import { CODEC } from '../sharing.ts';
import { unexpected, value } from '../support.ts';
import { createSetting, NAME, stopPerformance } from './support.ts';

test('a write that comes to nothing because another process writes leaves the store in use', async () => {
  const failures = listenTo('store-failure');
  const circuit = listenTo('circuit');
  const { clock, directory, store } = createSetting();
  const create = () => createTokenCache({ store, codec: CODEC, now: clock.now });
  const lock = await takeLock(`${directory}/${NAME}.cache-lock`, { ttlMs: 200, now: clock.now });
  await create().get('key', { acquire: async () => value('kept here', { atMs: clock.nowMs }) });
  await vi.waitFor(() => expect(failures).toEqual([{ cache: 'token-cache', entry: NAME, operation: 'write', error: 'contended' }]), WAIT);
  expect(circuit).toEqual([]);

  await lock?.release();
  await create().get('other', { acquire: async () => value('shared', { atMs: clock.nowMs }) });
  await vi.waitFor(async () => expect((await create().get('other', { acquire: unexpected })).name).toBe('shared'), WAIT);
});

test('the lock of an entry is waited for 250 ms, by a clock that nobody sets', async () => {
  const { clock, directory } = createSetting();
  const path = `${directory}/${NAME}.cache-lock`;
  const lock = await takeLock(path, { ttlMs: 200, now: clock.now });
  const action = vi.fn(async () => {});
  stopPerformance();
  const late = expect(withWriteLock(path, { now: clock.now, action })).rejects.toMatchObject({ reason: 'contended' });
  vi.advanceTimersByTime(250);
  await late;
  expect(action).not.toHaveBeenCalled();

  const timely = withWriteLock(path, { now: clock.now, action });
  vi.advanceTimersByTime(249);
  await lock?.release();
  await timely;
  expect(action).toHaveBeenCalledOnce();
});

const WAIT = { timeout: 10_000, interval: 5 };
