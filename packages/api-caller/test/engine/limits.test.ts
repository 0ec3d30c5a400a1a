/** Bounds on what goes out: repetitions for an origin in all, requests at once, idempotency keys, and waits that end. */
import { describe, expect, test } from 'vitest';
import { Interruption } from '../../src/interruption.ts';
import { RetryBudget } from '../../src/retry/budget.ts';
import { Concurrency } from '../../src/retry/concurrency.ts';
import { callerOf, rejectionOf, sendJson, startApi } from '../support.ts';

describe('repetitions', () => {
  test('of an origin that is down end for all calls together, and begin again when it answers', async () => {
    let isDown = true;
    const api = await startApi((response) => (isDown ? response.writeHead(503).end() : sendJson(response, {})));
    const caller = callerOf(api);
    for (let call = 0; call < 60; call += 1) await rejectionOf(caller.getJson('x'));
    // A hundred of them, and no more: 60 calls, and the repetitions of the first 50.
    expect(api.received).toHaveLength(160);
    isDown = false;
    for (let call = 0; call < 5; call += 1) await caller.getJson('x');
    isDown = true;
    await rejectionOf(caller.getJson('x'));
    expect(api.received).toHaveLength(160 + 5 + 2);
  });

  test('after lost connections cost twice as much, and origins that are well are not remembered', () => {
    const budget = new RetryBudget();
    let taken = 0;
    while (budget.take('a', 'failure')) taken += 1;
    expect([taken, budget.take('a', 'answer'), budget.take('b', 'failure')]).toEqual([50, false, true]);
    for (let answers = 0; answers < 5; answers += 1) budget.give('a');
    expect([budget.take('a', 'answer'), budget.take('a', 'answer')]).toEqual([true, false]);
  });

  test('of a POST happen with an idempotency key, which goes out with each', async () => {
    const api = await startApi((response, index) => {
      if (index === 0) response.destroy();
      else if (index === 1) response.writeHead(502).end();
      else sendJson(response, { ok: true });
    });
    expect(await callerOf(api).postJson('x', {}, { idempotencyKey: 'key-1' })).toEqual({ ok: true });
    expect(api.received.map(({ headers }) => headers['idempotency-key'])).toEqual(Array(3).fill('key-1'));
    const other = await startApi((response) => response.writeHead(502).end());
    await rejectionOf(callerOf(other).postJson('x', {}));
    expect(other.received).toHaveLength(1);
  });
});

describe('requests at once', () => {
  test('are as many as is said; the others wait for their turn', async () => {
    let now = 0;
    let most = 0;
    const api = await startApi((response) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        sendJson(response, {});
      }, 5);
    });
    const caller = callerOf(api, { maxConcurrency: 3 });
    await Promise.all(Array.from({ length: 20 }, () => caller.getJson('x')));
    expect([most, api.received.length]).toEqual([3, 20]);
  });

  test('that were given up in line take nobody’s turn', async () => {
    const answers: (() => void)[] = [];
    const api = await startApi((response) => void answers.push(() => sendJson(response, {})));
    const caller = callerOf(api, { maxConcurrency: 1 });
    const first = caller.getJson('1');
    await expect.poll(() => answers.length).toBe(1);
    const controller = new AbortController();
    const second = rejectionOf(caller.getJson('2', { signal: controller.signal }));
    const third = caller.getJson('3');
    controller.abort(new Error('enough'));
    expect(await second).toMatchObject({ message: 'enough' });
    answers[0]?.();
    await first;
    await expect.poll(() => answers.length).toBe(2);
    answers[1]?.();
    await third;
    expect(api.received.map(({ path }) => path)).toEqual(['/v1.0/1', '/v1.0/3']);
  });

  test('are counted by origin, and nothing is kept of an origin that is idle', async () => {
    const line = new Concurrency(1);
    expect(line.enter('a', new Interruption())).toBeUndefined();
    expect(line.enter('b', new Interruption())).toBeUndefined();
    const waiting = line.enter('a', new Interruption());
    expect(waiting).toBeInstanceOf(Promise);
    line.leave('a');
    await waiting;
    line.leave('a');
    expect(line.enter('a', new Interruption())).toBeUndefined();
  });

  test('a wait in line ends with the call’s deadline', async () => {
    const api = await startApi(() => {});
    const caller = callerOf(api, { maxConcurrency: 1 });
    const first = rejectionOf(caller.getJson('1'));
    await expect.poll(() => api.received.length).toBe(1);
    expect(await rejectionOf(caller.getJson('2', { deadlineMs: 20 }))).toMatchObject({ code: 'timeout' });
    await caller.close();
    expect(await first).toMatchObject({ code: 'closed' });
  });
});

test('GR-01: x-ms-retry-after-ms and retry-after-ms are finer forms of Retry-After, and go before it', async () => {
  const delays: number[] = [];
  const headers = [{ 'x-ms-retry-after-ms': '1250', 'retry-after': '9' }, { 'retry-after-ms': '40' }];
  const api = await startApi((response, index) =>
    index < 2 ? response.writeHead(429, headers[index]).end() : sendJson(response, { ok: true }),
  );
  await callerOf(api, { sleep: async (ms) => void delays.push(ms) }).getJson('x');
  expect(delays).toEqual([1250, 40]);
});

test('each attempt has a client-request-id of its own, on request, unless the caller gives one', async () => {
  const api = await startApi((response, index) => (index === 0 ? response.writeHead(503).end() : sendJson(response, {})));
  let count = 0;
  const caller = callerOf(api, { clientRequestId: true, uniqueId: () => `id-${++count}` });
  await caller.getJson('x');
  await caller.getJson('x', { headers: { 'client-request-id': 'mine' } });
  await callerOf(api).getJson('x');
  expect(api.received.map(({ headers }) => headers['client-request-id'])).toEqual(['id-1', 'id-2', 'mine', undefined]);
});
