/** A call that is ended at any moment ends with its reason, and leaves nothing behind: no listener, no socket, no rejection, no turn taken. */
import { getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApiCaller } from '../../src/index.ts';
import { collect, startApi } from '../support.ts';

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

/** Steps of a call, each of which takes a moment: the token, the head, the body, a pause, another token, the next page. */
test('whenever it is ended, whatever it was doing', async () => {
  const open = new Set<object>();
  const answer = async (response: ServerResponse, index: number): Promise<void> => {
    open.add(response);
    response.once('close', () => open.delete(response));
    await pause(index % 3);
    if (response.destroyed) return;
    const kind = index % 5;
    if (kind === 0) response.writeHead(503, { 'retry-after': '0.002' }).end();
    else if (kind === 1) response.writeHead(401).end();
    else if (kind === 2) response.writeHead(302, { location: '/v1.0/users' }).end();
    else {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"value":[1],');
      await pause(2);
      response.end(`"@odata.nextLink":"users?page=${index}"}`);
    }
  };
  const api = await startApi((response, index) => void answer(response, index));
  let tokens = 0;
  const caller = createApiCaller({
    baseUrl: `${api.origin}/v1.0/`,
    scope: 's',
    tokens: async () => {
      await pause(1);
      return `token-${++tokens}`;
    },
    allowHttpLoopback: true,
    maxConcurrency: 2,
    maxAttempts: 9,
  });
  const calls = [
    (signal: AbortSignal) => caller.getJson('x', { signal }),
    (signal: AbortSignal) => collect(caller.items('users', { signal, prefetch: true })),
    async (signal: AbortSignal) => (await caller.fetch('x', { signal })).text(),
    async (signal: AbortSignal) => (await caller.request('x', { signal })).body.text(),
    (signal: AbortSignal) => caller.poll('x', { signal, until: () => false }),
    async (signal: AbortSignal) => {
      for await (const _chunk of await caller.download('x', { signal })) await pause(1);
    },
  ] as const;
  const moment = fc.integer({ min: 0, max: 25 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(calls.length - 1), moment), { minLength: 1, maxLength: 6 }), async (plans) => {
      await Promise.all(
        plans.map(async ([kind, afterMs]) => {
          const controller = new AbortController();
          const reason = new Error('enough');
          const outcome = calls[kind]?.(controller.signal).then(
            () => undefined,
            (error: unknown) => error,
          );
          await pause(afterMs);
          controller.abort(reason);
          const error = await outcome;
          // It was done before, or failed for a reason of its own, or ends with the reason.
          if (error !== undefined && (error as Error).name !== 'ApiResponseError') expect(error).toBe(reason);
          expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
        }),
      );
    }),
    { numRuns: 40 },
  );
  await expect.poll(() => open.size).toBe(0);
  // Every turn was given back.
  await Promise.all([caller.getJson('x'), caller.getJson('x'), caller.getJson('x')].map((call) => call.catch(() => {})));
  await caller.close();
  await expect.poll(() => api.connections()).toBe(0);
  await pause(0);
  expect(unhandled).toEqual([]);
});
