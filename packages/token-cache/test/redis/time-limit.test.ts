/** How long an operation waits for its reply, and that nothing is left behind by the wait. */
import { getEventListeners } from 'node:events';
import { redisStore } from '@client-credentials/token-cache/redis';
import { expect, test, vi } from 'vitest';
import { fakeTimers } from '../fake-timers.ts';
import { HOUR_MS } from '../support.ts';

test('without an option a command has 500 ms', async () => {
  fakeTimers('setTimeout', 'clearTimeout');
  const outcome = vi.fn();
  redisStore({ client: { call: () => new Promise(() => {}) } })
    .delete('n')
    .catch(outcome);
  await vi.advanceTimersByTimeAsync(499);
  expect(outcome).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2);
  expect(outcome).toHaveBeenCalledWith(
    expect.objectContaining({ code: 'store_timeout', transient: true, message: 'the store did not answer within 500 ms' }),
  );
});

test.each([
  ['brings a reply', () => Promise.resolve(null)],
  ['fails', () => Promise.reject(new Error('closed'))],
])('a command that %s leaves no timer and no listener', async (_what, call) => {
  fakeTimers('setTimeout', 'clearTimeout');
  const { signal } = new AbortController();
  const store = redisStore({ client: { call } });
  await store.read('n', { key: 'k', signal }).catch(() => {});
  await store.write('n', { key: 'k', signal, bytes: Buffer.from('entry'), expiresAtMs: Date.now() + HOUR_MS }).catch(() => {});
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a command is not sent for a signal that has aborted', async () => {
  const call = vi.fn();
  const signal = AbortSignal.abort(new Error('nobody waits'));
  await expect(redisStore({ client: { call } }).read('n', { key: 'k', signal })).rejects.toThrow('nobody waits');
  expect(call).not.toHaveBeenCalled();
});
