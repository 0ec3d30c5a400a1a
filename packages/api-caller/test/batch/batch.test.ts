/** Batches: what is written into each, in which order answers come back, what is sent again and when. GR-03. */
import { describe, expect, test } from 'vitest';
import type { BatchRequest } from '../../src/index.ts';
import { type Api, callerOf, rejectionOf, sendJson, startApi } from '../support.ts';

interface Written {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly dependsOn?: readonly string[];
}
type ItemAnswer = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };

/** An API that answers each item as the test says, all items in reverse order. */
async function startBatchApi(answer: (item: Written, time: number) => ItemAnswer): Promise<Api & { readonly batches: Written[][] }> {
  const batches: Written[][] = [];
  const times = new Map<string, number>();
  const api = await startApi((response, _index, { body }) => {
    const { requests } = JSON.parse(body) as { requests: Written[] };
    batches.push(requests);
    const responses = requests.map((item) => {
      const time = (times.get(item.id) ?? 0) + 1;
      times.set(item.id, time);
      return { id: item.id, ...answer(item, time) };
    });
    sendJson(response, { responses: responses.reverse() });
  });
  return Object.assign(api, { batches });
}

const ok = (): ItemAnswer => ({ status: 200 });
const gets = (count: number): BatchRequest[] => Array.from({ length: count }, (_, index) => ({ method: 'GET', url: `/users/${index}` }));

test('GR-03: 45 requests go out as 20, 20 and 5, and the answers come in their order', async () => {
  const api = await startBatchApi(({ url }) => ({ status: 200, headers: { ETag: 'W/1' }, body: { url } }));
  const responses = await callerOf(api).batch(gets(45));
  expect(api.batches.map((items) => items.length)).toEqual([20, 20, 5]);
  expect(responses.map(({ id, status }) => [id, status])).toEqual(Array.from({ length: 45 }, (_, index) => [String(index + 1), 200]));
  expect(responses[44]).toEqual({ id: '45', status: 200, headers: { etag: 'W/1' }, body: { url: '/users/44' } });
});

test('an item is written as the API wants it, and the batch goes out with the token', async () => {
  const api = await startBatchApi(ok);
  await callerOf(api).batch([
    { id: 'a', method: 'post', url: 'users?$select=id', body: { name: 'x' }, headers: { 'If-Match': '*' } },
    { id: 'b', method: 'PUT', url: '/photo', body: 'AAAA', headers: { 'Content-Type': 'image/png' }, dependsOn: ['A'] },
  ]);
  expect(api.received[0]).toMatchObject({
    method: 'POST',
    path: '/v1.0/$batch',
    headers: { authorization: 'Bearer token-1', 'content-type': 'application/json', accept: 'application/json' },
  });
  expect(api.batches).toEqual([
    [
      {
        id: 'a',
        method: 'POST',
        url: '/users?$select=id',
        headers: { 'content-type': 'application/json', 'if-match': '*' },
        body: { name: 'x' },
      },
      { id: 'b', method: 'PUT', url: '/photo', headers: { 'content-type': 'image/png' }, body: 'AAAA', dependsOn: ['A'] },
    ],
  ]);
});

test('nothing is sent for no requests', async () => {
  const api = await startBatchApi(ok);
  expect([await callerOf(api).batch([]), api.received]).toEqual([[], []]);
});

describe('GR-03: an item is sent again', () => {
  test('when it was throttled, after the longest time that one of them names; the others are not', async () => {
    const delays: number[] = [];
    const api = await startBatchApi(({ id }, time) => {
      if (time > 1 || id === '2') return ok();
      return { status: 429, headers: { 'Retry-After': id === '1' ? '3' : '7' } };
    });
    const caller = callerOf(api, { sleep: async (ms) => void delays.push(ms) });
    const responses = await caller.batch([...gets(2), { method: 'POST', url: '/users', body: {} }]);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([api.batches.map((items) => items.map(({ id }) => id)), delays]).toEqual([
      [
        ['1', '2', '3'],
        ['1', '3'],
      ],
      [7000],
    ]);
  });

  test.for([
    ['GET', 502, {}, 2],
    ['GET', 500, {}, 1],
    ['POST', 503, {}, 1],
    ['POST', 502, { 'Retry-After': '1' }, 1],
    ['POST', 503, { 'Retry-After': '1' }, 2],
  ] as const)('%s, %i, %o: %i times', async ([method, status, headers, times]) => {
    const api = await startBatchApi((_item, time) => (time === 1 ? { status, headers } : ok()));
    const [response] = await callerOf(api).batch([{ method, url: '/x' }]);
    expect([api.batches.length, response?.status]).toEqual([times, times === 1 ? status : 200]);
  });

  test('three times at most, and then its answer stands', async () => {
    const api = await startBatchApi(() => ({ status: 429, headers: { 'Retry-After': '1' } }));
    const [response] = await callerOf(api).batch(gets(1));
    expect([api.batches.length, response?.status]).toEqual([3, 429]);
  });

  test('not when the time that it names is later than the deadline', async () => {
    const api = await startBatchApi(() => ({ status: 429, headers: { 'Retry-After': '60' } }));
    const [response] = await callerOf(api).batch(gets(1), { deadlineMs: 30_000 });
    expect([api.batches.length, response?.status, response?.headers]).toEqual([1, 429, { 'retry-after': '60' }]);
  });
});

describe('GR-03: an item that depends on others', () => {
  test('stands behind them, and names only those in the same batch', async () => {
    const api = await startBatchApi(ok);
    const last = { id: 'last', method: 'GET', url: '/last', dependsOn: ['first'] };
    await callerOf(api).batch([last, ...gets(24), { id: 'first', method: 'GET', url: '/first' }]);
    expect(api.batches[0]?.slice(0, 2).map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ['first', undefined],
      ['last', ['first']],
    ]);
    await callerOf(api).batch([...gets(20), { id: 'next', method: 'GET', url: '/next', dependsOn: ['1', '20'] }]);
    expect(api.batches.at(-1)).toEqual([{ id: 'next', method: 'GET', url: '/next' }]);
  });

  test('is sent again with a throttled one for which the API failed it', async () => {
    const api = await startBatchApi(({ id }, time) => {
      if (time > 1) return ok();
      return id === '1' ? { status: 429, headers: { 'Retry-After': '1' } } : { status: 424 };
    });
    const responses = await callerOf(api).batch([...gets(1), { method: 'POST', url: '/x', body: {}, dependsOn: ['1'] }]);
    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
    expect(api.batches[1]?.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ['1', undefined],
      ['2', ['1']],
    ]);
  });

  test('is not sent when one of them failed in an earlier batch', async () => {
    const api = await startBatchApi(({ id }) => ({ status: id === '3' ? 404 : 200 }));
    const chain = [
      { id: 'b', method: 'GET', url: '/b', dependsOn: ['a'] },
      { id: 'a', method: 'GET', url: '/a', dependsOn: ['3'] },
    ];
    const responses = await callerOf(api).batch([...gets(20), ...chain]);
    expect(api.batches).toHaveLength(1);
    expect(responses.slice(20)).toEqual([
      { id: 'b', status: 424, headers: {}, body: undefined },
      { id: 'a', status: 424, headers: {}, body: undefined },
    ]);
  });
});

describe('before anything is sent', () => {
  test.for<[string, BatchRequest[], string]>([
    ['a full URL', [{ method: 'GET', url: 'https://evil.test/x' }], 'egress_refused'],
    ['another host', [{ method: 'GET', url: '//evil.test/x' }], 'egress_refused'],
    ['a way out of the version', [{ method: 'GET', url: '/../beta/me' }], 'egress_refused'],
    ['credentials', [{ method: 'GET', url: '/x', headers: { Authorization: 'Bearer mine' } }], 'reserved_header'],
    ['a tunnel', [{ method: 'CONNECT', url: '/x' }], 'invalid_configuration'],
    [
      'ids that differ in case only',
      [...gets(1), { id: 'A', method: 'GET', url: '/x' }, { id: 'a', method: 'GET', url: '/x' }],
      'invalid_configuration',
    ],
    ['an unknown dependency', [{ method: 'GET', url: '/x', dependsOn: ['7'] }], 'invalid_configuration'],
    [
      'a circle',
      [
        { method: 'GET', url: '/x', dependsOn: ['2'] },
        { method: 'GET', url: '/y', dependsOn: ['1'] },
      ],
      'invalid_configuration',
    ],
  ])('%s is refused', async ([, requests, code]) => {
    const api = await startBatchApi(ok);
    expect(await rejectionOf(callerOf(api).batch(requests))).toMatchObject({ name: 'ApiCallerError', code });
    expect(api.received).toEqual([]);
  });
});

test('a refusal of the whole batch is an error, and so is an answer without one of the items', async () => {
  const refusing = await startApi((response) => sendJson(response, { error: { code: 'BadRequest', message: 'no' } }, 400));
  expect(await rejectionOf(callerOf(refusing).batch(gets(2)))).toMatchObject({
    code: 'response_error',
    status: 400,
    apiCode: 'BadRequest',
  });
  const forgetful = await startApi((response) =>
    sendJson(response, { responses: [{ id: '1', status: 200 }, null, { id: 2, status: '200' }] }),
  );
  expect(await rejectionOf(callerOf(forgetful).batch(gets(2)))).toMatchObject({
    code: 'response_error',
    message: expect.stringContaining('request 2'),
  });
});

test('an abort ends the wait for throttled items with its reason', async () => {
  const api = await startBatchApi(() => ({ status: 429, headers: { 'Retry-After': '20' } }));
  const controller = new AbortController();
  const caller = callerOf(api, {
    sleep: (_ms, signal) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  });
  const batch = caller.batch(gets(1), { signal: controller.signal });
  await expect.poll(() => api.batches.length).toBe(1);
  controller.abort(new Error('enough'));
  expect(await rejectionOf(batch)).toMatchObject({ message: 'enough' });
});
