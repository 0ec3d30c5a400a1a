/** Rules that answer some of the matching requests: after so many, and every so-manieth. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MockError, type MockRule } from '../src/index.ts';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
let token: string;
beforeAll(async () => {
  harness = await startHarness({ seed: 'pacing' });
  token = await harness.accessToken();
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const ITEMS = '/graph/v1.0/items';
const addRule = (rule: Omit<MockRule, 'match'>) => harness.mock.addRule({ match: { path: ITEMS }, ...rule });
const ask = () => harness.callApi('items?count=1', { token });
/** The statuses of so many requests, one after another; `lost` where there is none. */
const results = async (count: number) => {
  const seen = [];
  for (let asked = 0; asked < count; asked += 1)
    seen.push(
      await ask().then(
        ({ status }) => status,
        () => 'lost',
      ),
    );
  return seen;
};

test('every tenth answer is one of three in turn: 429, 503, a reset', async () => {
  addRule({ skip: 9, every: 30, answer: { status: 429, headers: { 'Retry-After': '0' } } });
  addRule({ skip: 19, every: 30, answer: { status: 503 } });
  addRule({ skip: 29, every: 30, answer: { fault: 'reset-after-headers' } });
  const faults = (await results(65)).flatMap((result, index) => (result === 200 ? [] : [[index + 1, result]]));
  expect(faults).toEqual([
    [10, 429],
    [20, 503],
    [30, 'lost'],
    [40, 429],
    [50, 503],
    [60, 'lost'],
  ]);
});

describe('a rule answers', () => {
  const good = (count: number) => Array(count).fill(200);

  test('each request without either, and the first and every third with `every` alone', async () => {
    const remove = addRule({ answer: { status: 500 } });
    expect(await results(2)).toEqual([500, 500]);
    remove();
    addRule({ every: 3, answer: { status: 503 } });
    expect(await results(7)).toEqual([503, ...good(2), 503, ...good(2), 503]);
  });

  test('all but the first two with `skip` alone, and of these as many as `times` says', async () => {
    addRule({ skip: 2, times: 2, answer: { status: 503 } });
    expect(await results(6)).toEqual([200, 200, 503, 503, 200, 200]);
  });

  test('every other request as often as `times` says', async () => {
    addRule({ skip: 1, every: 2, times: 2, answer: { status: 503 } });
    expect(await results(7)).toEqual([200, 503, 200, 503, ...good(3)]);
  });

  test('by a count of its own, of what matches it, whichever rule answers', async () => {
    addRule({ times: 1, answer: { status: 500 } });
    addRule({ skip: 2, answer: { status: 503 } });
    await harness.callApi('organization', { token });
    expect(await results(4)).toEqual([500, 200, 503, 503]);
  });
});

test('over HTTP rules have the same members, and say how many requests have matched', async () => {
  const { controlUrl, controlToken } = harness.mock;
  const headers = { authorization: `Bearer ${controlToken}`, 'content-type': 'application/json' };
  const rule = { match: { path: ITEMS }, times: 5, skip: 1, every: 2, answer: { status: 503 } };
  expect((await harness.send(`${controlUrl}rules`, { method: 'POST', headers, body: JSON.stringify(rule) })).status).toBe(201);
  expect(await results(3)).toEqual([200, 503, 200]);
  const { json } = await harness.send(`${controlUrl}rules`, { headers });
  expect(json.rules).toEqual([{ id: expect.any(Number), ...rule, left: 4, seen: 3 }]);
});

test.each([{ skip: -1 }, { skip: 1.5 }, { skip: 1_000_001 }, { every: 0 }, { every: 1_000_001 }, { every: '2' as unknown as number }])(
  '%j is no option',
  (pace) => {
    expect(() => addRule({ ...pace, answer: { status: 503 } })).toThrow(MockError);
  },
);
