/** Long-running operations: from 202 by way of their status to what they have made, or to their failure. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Harness, NOW_MS, startHarness } from './harness.ts';

let harness: Harness;
let token: string;
beforeAll(async () => {
  harness = await startHarness({ seed: 'exports' });
  token = await harness.accessToken();
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const pathOf = (url: unknown) => String(url).slice(harness.mock.apiBaseUrl.length);
const begin = async (query = '') => {
  const { status, headers, text } = await harness.callApi(`exports${query}`, { token, method: 'POST' });
  expect([status, text]).toEqual([202, '']);
  return { headers, operation: pathOf(headers['location']) };
};
const poll = (operation: string, as = token) => harness.callApi(operation, { token: as });
/** What one poll after another says, and how long to wait each time. */
const statesOf = async (operation: string, polls: number) => {
  const states = [];
  for (let count = 0; count < polls; count += 1) {
    const { json, headers } = await poll(operation);
    states.push([json.status, headers['retry-after']]);
  }
  return states;
};

test('the answer to the POST names the operation in three headers, and when to ask', async () => {
  const { headers, operation } = await begin();
  expect(operation).toMatch(/^operations\/[0-9a-f-]{36}$/);
  expect([headers['operation-location'], headers['azure-asyncoperation']]).toEqual([headers['location'], headers['location']]);
  expect(headers['retry-after']).toBe('1');
});

test('it goes from notStarted by way of running to succeeded, and stays there with the place of its result', async () => {
  const { operation } = await begin('?polls=3&retryAfter=0');
  const [, id] = operation.split('/');
  expect((await harness.callApi(`exports/${id}`, { token })).status).toBe(404);
  expect(await statesOf(operation, 3)).toEqual([
    ['notStarted', '0'],
    ['running', '0'],
    ['running', '0'],
  ]);
  expect((await harness.callApi(`exports/${id}`, { token })).status).toBe(404);
  const done = await poll(operation);
  expect([done.status, done.headers['retry-after'], done.json]).toEqual([
    200,
    undefined,
    {
      '@odata.context': `${harness.mock.apiBaseUrl}$metadata#operations/$entity`,
      id,
      createdDateTime: new Date(NOW_MS).toISOString(),
      status: 'succeeded',
      resourceLocation: `${harness.mock.apiBaseUrl}exports/${id}`,
    },
  ]);
  expect((await poll(operation)).json).toEqual(done.json);
  const { json } = await harness.callApi(pathOf(done.json.resourceLocation), { token });
  expect(json).toMatchObject({ id, content: 'The export took 3 polls.' });
});

test('it fails on request, says why, and has no result', async () => {
  const { operation } = await begin('?polls=1&outcome=failed');
  expect(await statesOf(operation, 1)).toEqual([['notStarted', '1']]);
  const { json } = await poll(operation);
  expect(json).toMatchObject({ status: 'failed', error: { code: 'exportFailed', message: expect.any(String) } });
  expect(json).not.toHaveProperty('resourceLocation');
  expect((await harness.callApi(operation.replace('operations', 'exports'), { token })).status).toBe(404);
});

test('with no polls it is done at once', async () => {
  const { operation } = await begin('?polls=0&retryAfter=3600');
  expect(await statesOf(operation, 2)).toEqual([
    ['succeeded', undefined],
    ['succeeded', undefined],
  ]);
});

test('a scripted answer takes the place of a poll, which counts', async () => {
  const { operation } = await begin('?polls=1');
  harness.mock.addRule({ match: { path: /\/operations\// }, times: 1, answer: { status: 429, headers: { 'Retry-After': '2' } } });
  expect((await poll(operation)).status).toBe(429);
  // The server has done its work all the same: only the answer was another one.
  expect((await poll(operation)).json.status).toBe('succeeded');
});

test('it is known to its own tenant alone, and to nobody after a reset', async () => {
  const { operation } = await begin();
  const url = `${harness.mock.authorityHost}/other.example/oauth2/v2.0/token`;
  const other = (await harness.post(harness.secretFields(), { url })).json.access_token;
  expect((await poll(operation, other)).status).toBe(404);
  expect((await poll(operation)).status).toBe(200);
  harness.mock.reset();
  const reply = await poll(operation);
  expect([reply.status, reply.json.error.code]).toEqual([404, 'itemNotFound']);
});

test.each(['?polls=-1', '?polls=1001', '?polls=x', '?retryAfter=3601', '?outcome=maybe', '?polls='])(
  '%s is a bad request',
  async (query) => {
    const { status } = await harness.callApi(`exports${query}`, { token, method: 'POST' });
    expect(status).toBe(400);
  },
);

test('another method is 405 with those there are', async () => {
  const { status, headers } = await harness.callApi('exports', { token });
  expect([status, headers['allow']]).toEqual([405, 'POST']);
  expect((await harness.callApi('operations/1', { token, method: 'POST' })).headers['allow']).toBe('GET, HEAD');
  expect((await harness.callApi('users/1', { token, method: 'PUT' })).headers['allow']).toBe('GET, HEAD, PATCH, DELETE');
});
