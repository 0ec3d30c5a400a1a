/** Long-running operations: when they are done, how long is waited, and what they end with. */
import { describe, expect, test } from 'vitest';
import type { Answer, Api } from './support.ts';
import { callerOf, rejectionOf, sendJson, startApi } from './support.ts';

/** A clock that only pauses move, and what they were. */
function pausing(): { delays: number[]; clock: { now: () => number; sleep: (ms: number) => Promise<void> } } {
  const delays: number[] = [];
  let nowMs = 1_700_000_000_000;
  const sleep = async (ms: number): Promise<void> => {
    delays.push(ms);
    nowMs += ms;
  };
  return { delays, clock: { now: () => nowMs, sleep } };
}

const states = (...answers: Parameters<typeof sendJson> extends [unknown, ...infer Rest] ? Rest[] : never): Promise<Api> =>
  startApi((response, index) => sendJson(response, ...(answers[index] ?? answers.at(-1) ?? [{}])));

describe('an operation is done', () => {
  test('when it says that it has succeeded; until then it is asked after growing pauses', async () => {
    const api = await states(
      [{ status: 'notStarted' }, 202],
      [{ status: 'running' }],
      [{ status: 'Running' }],
      [{ status: 'Succeeded', n: 1 }],
    );
    const { clock, delays } = pausing();
    expect(await callerOf(api, clock).poll('operations/1')).toEqual({ status: 'Succeeded', n: 1 });
    expect([api.received.map(({ path }) => path), delays]).toEqual([Array(4).fill('/v1.0/operations/1'), [1000, 2000, 4000]]);
  });

  test('when a resource of Azure is provisioned', async () => {
    const api = await states([{ properties: { provisioningState: 'Creating' } }], [{ properties: { provisioningState: 'Succeeded' } }]);
    expect(await callerOf(api, pausing().clock).poll('x')).toEqual({ properties: { provisioningState: 'Succeeded' } });
  });

  test('when an answer other than 202 has no word for its state', async () => {
    const api = await startApi((response, index) =>
      index === 0 ? response.writeHead(202, { 'content-length': '0' }).end() : sendJson(response, { id: 7 }),
    );
    expect(await callerOf(api, pausing().clock).poll('x')).toEqual({ id: 7 });
  });

  test('when the caller’s own word for it is there', async () => {
    const api = await states([{ state: 'busy' }], [{ state: 'idle', resourceLocation: '/never-asked' }]);
    const until = (body: unknown): boolean => (body as { state: string }).state === 'idle';
    expect(await callerOf(api, pausing().clock).poll('x', { until })).toMatchObject({ state: 'idle' });
    expect(api.received).toHaveLength(2);
  });
});

test('the pause is as long as the answer says', async () => {
  const api = await states([{}, 202, { 'retry-after': '15' }], [{}, 202, { 'x-ms-retry-after-ms': '250' }], [{ status: 'succeeded' }]);
  const { clock, delays } = pausing();
  await callerOf(api, clock).poll('x');
  expect(delays).toEqual([15_000, 250]);
});

test('a new place for its state is asked from then on, and the result is fetched from where it says', async () => {
  const answers: Answer[] = [
    (response) => response.writeHead(202, { location: '/v1.0/operations/2' }).end(),
    (response) => sendJson(response, { status: 'succeeded', resourceLocation: '/v1.0/users/7' }),
    (response) => sendJson(response, { id: 7 }),
  ];
  const api = await startApi((...received) => answers[received[1]]?.(...received));
  expect(await callerOf(api, pausing().clock).poll(`${api.origin}/v1.0/operations/1`)).toEqual({ id: 7 });
  expect(api.received.map(({ path }) => path)).toEqual(['/v1.0/operations/1', '/v1.0/operations/2', '/v1.0/users/7']);
});

test.for([
  ['location', (response: Parameters<Answer>[0], url: string) => response.writeHead(202, { location: url }).end()],
  [
    'resourceLocation',
    (response: Parameters<Answer>[0], url: string) => sendJson(response, { status: 'succeeded', resourceLocation: url }),
  ],
] as const)('a %s at an origin that was not declared gets nothing', async ([, answer]) => {
  const other = await startApi((response) => sendJson(response, {}));
  const api = await startApi((response) => answer(response, `${other.origin}/x`));
  expect(await rejectionOf(callerOf(api, pausing().clock).poll('x'))).toMatchObject({ code: 'egress_refused' });
  expect(other.received).toEqual([]);
});

test.for(['failed', 'Canceled', 'cancelled'])('an operation that has %s is an error with the API’s reason', async (status) => {
  const api = await states([{ status, error: { code: 'Quota', message: 'too\nmany' } }]);
  expect(await rejectionOf(callerOf(api, pausing().clock).poll('x'))).toMatchObject({
    name: 'ApiResponseError',
    code: 'response_error',
    apiCode: 'Quota',
    apiMessage: 'too many',
    message: `The operation at ${api.origin}/v1.0/x has ${status.toLowerCase()}: Quota: too many`,
  });
});

test('an operation that is not done in time is an error that says so, and the last pause is not begun', async () => {
  const api = await states([{ status: 'running' }]);
  const { clock, delays } = pausing();
  expect(await rejectionOf(callerOf(api, clock).poll('x', { deadlineMs: 10_000 }))).toMatchObject({ code: 'timeout', transient: true });
  expect(delays).toEqual([1000, 2000, 4000]);
});

test('a refusal ends it, and closing the caller does too', async () => {
  const refusing = await states([{ error: { code: 'NotFound' } }, 404]);
  expect(await rejectionOf(callerOf(refusing, pausing().clock).poll('x'))).toMatchObject({ status: 404 });
  const api = await states([{ status: 'running' }]);
  const caller = callerOf(api, {
    sleep: (_ms, signal) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  });
  const polled = rejectionOf(caller.poll('x'));
  await expect.poll(() => api.received.length).toBe(1);
  await caller.close();
  expect(await polled).toMatchObject({ code: 'closed' });
});
