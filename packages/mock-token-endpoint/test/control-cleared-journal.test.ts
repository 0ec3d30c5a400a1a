/** The journal over HTTP for somebody who follows it past a reset, of which the ids alone tell nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

async function read(query: string) {
  const { controlUrl, controlToken } = harness.mock;
  const { status, json } = await harness.send(`${controlUrl}journal?${query}`, { headers: { authorization: `Bearer ${controlToken}` } });
  return [status, json.lastId, json.clearings, json.entries?.map(({ path }: { path: string }) => path)];
}
const ask = (path: string) => harness.send(`${harness.mock.authorityHost}${path}`);

test('whoever names the clearings it knows of gets everything after another one, though as many exchanges came since', async () => {
  await ask('/before');
  expect(await read('clearings=0')).toEqual([200, 1, 0, ['/before']]);
  harness.mock.reset();
  await ask('/after');
  expect(await read('after=1')).toEqual([200, 1, 1, []]);
  expect(await read('after=1&clearings=0&waitMs=20000')).toEqual([200, 1, 1, ['/after']]);
  expect(await read('after=1&clearings=1')).toEqual([200, 1, 1, []]);
});

test('whoever waits is told of a reset at once', async () => {
  const waiting = read('after=1&clearings=1&waitMs=20000');
  await read('');
  harness.mock.reset();
  expect(await waiting).toEqual([200, 0, 2, []]);
});

test('a number of clearings that is none is refused', async () => {
  expect((await read('clearings=many'))[0]).toBe(400);
});
