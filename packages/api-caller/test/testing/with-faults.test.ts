/** A program's own tests can have its API fail in every way that the caller has to live through. */
import { Agent } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ApiCaller } from '../../src/index.ts';
import { type Fault, type LeavingRequest, withFaults } from '../../src/testing.ts';
import { type Api, callerOf, rejectionOf, sendJson, startApi } from '../support.ts';

async function start(choose: (request: LeavingRequest) => Fault | undefined): Promise<{ api: Api; caller: ApiCaller }> {
  const api = await startApi((response) => sendJson(response, { value: 'x'.repeat(1000) }));
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  return { api, caller: callerOf(api, { dispatcher: withFaults(agent, choose) }) };
}

test('each request is shown, and goes out as it is if nothing is to happen to it', async () => {
  const seen: LeavingRequest[] = [];
  const { api, caller } = await start((request) => void seen.push(request));
  await caller.getJson('a?b=1');
  await caller.putJson('c', {});
  expect(seen).toEqual([
    { method: 'GET', origin: api.origin, path: '/v1.0/a?b=1', count: 1 },
    { method: 'PUT', origin: api.origin, path: '/v1.0/c', count: 2 },
  ]);
  expect(api.received).toHaveLength(2);
});

describe('the caller lives through', () => {
  test.for<[string, Fault, number]>([
    ['an answer in place of the API’s', { status: 429, headers: { 'Retry-After': '1' }, body: '{}' }, 1],
    ['a connection that is lost before the API hears of it', { lost: 'before' }, 1],
    ['one that is lost after it has acted', { lost: 'after' }, 2],
    ['a body that breaks off', { cutAfterBytes: 100 }, 2],
    ['a body that breaks off before it has begun', { cutAfterBytes: 0 }, 2],
    ['a request that starts late', { delayMs: 1 }, 1],
  ])('%s', async ([, fault, requests]) => {
    const { api, caller } = await start(({ count }) => (count === 1 ? fault : undefined));
    expect(await caller.getJson('x')).toEqual({ value: 'x'.repeat(1000) });
    expect(api.received).toHaveLength(requests);
  });
});

test('what does not pass is told as if it came from the API', async () => {
  const { api, caller } = await start(() => ({
    status: 404,
    headers: { 'Content-Type': 'application/json' },
    body: '{"error":{"code":"gone"}}',
  }));
  expect(await rejectionOf(caller.getJson('x'))).toMatchObject({ status: 404, apiCode: 'gone' });
  expect(api.received).toEqual([]);
});
