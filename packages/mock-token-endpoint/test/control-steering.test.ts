/** Steering by HTTP: rules, queue, clock, reset, and what can be asked for. */
import { X509Certificate } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, NOW_MS, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'control' });
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const control = async (method: string, path: string, body?: unknown) => {
  const { controlUrl, controlToken } = harness.mock;
  const headers = { authorization: `Bearer ${controlToken}`, 'content-type': 'application/json' };
  const { status, json, text } = await harness.send(`${controlUrl}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status, json, text };
};
const ask = async (tenant = harness.mock.tenantId) =>
  (await harness.post(harness.secretFields(), { url: `${harness.mock.authorityHost}/${tenant}/oauth2/v2.0/token` })).status;

test('the interface says where everything is, what state it is in, and what it can do', async () => {
  const { mock } = harness;
  await ask();
  mock.addRule({ answer: { status: 500 } });
  mock.enqueue({ status: 500 });
  mock.enqueue({ status: 500 });
  mock.advanceClock(5);
  const { authorityHost, issuer, platformUrl, apiBaseUrl, tenantId, clientId, scope } = mock;
  const { status, json } = await control('GET', '');
  const { endpoints, mtlsOrigin, ...rest } = json;
  expect([status, rest]).toEqual([
    200,
    {
      ...{ authorityHost, issuer, platformUrl, apiBaseUrl, tenantId, clientId, scope },
      profile: 'entra',
      clock: { nowMs: NOW_MS + 5, aheadMs: 5 },
      journal: { entries: 1, lastId: 1 },
      rules: 1,
      queue: 2,
    },
  ]);
  expect(mtlsOrigin).toMatch(/^https:\/\/127\.0\.0\.1:[0-9]+$/);
  expect(endpoints.map(({ method, path }: { method: string; path: string }) => `${method} ${path}`)).toEqual([
    'GET /__control/',
    'GET /__control/journal',
    'DELETE /__control/journal',
    'GET /__control/journal/{id}',
    'GET /__control/rules',
    'POST /__control/rules',
    'DELETE /__control/rules/{id}',
    'DELETE /__control/rules',
    'GET /__control/queue',
    'POST /__control/queue',
    'DELETE /__control/queue',
    'GET /__control/clock',
    'POST /__control/clock',
    'DELETE /__control/clock',
    'POST /__control/reset',
    'GET /__control/answers',
    'POST /__control/certificates',
    'POST /__control/federated-tokens',
    'GET /__control/platform/{name}',
  ]);
});

describe('rules', () => {
  test('are added, listed with what is left of them, and removed', async () => {
    const { json } = await control('POST', 'rules', {
      match: { path: { pattern: 'TOKEN$', flags: 'i' } },
      times: 2,
      answer: { status: 500 },
    });
    expect(await ask()).toBe(500);
    const rule = { id: json.id, match: { path: { pattern: 'TOKEN$', flags: 'i' } }, times: 2, left: 1, answer: { status: 500 } };
    expect((await control('GET', 'rules')).json).toEqual({ rules: [rule] });
    expect(await control('DELETE', `rules/${json.id}`)).toEqual({ status: 204, text: '', json: undefined });
    expect((await control('DELETE', `rules/${json.id}`)).status).toBe(404);
    expect(await ask()).toBe(200);
  });

  test('of code stand beside those of HTTP', async () => {
    harness.mock.addRule({ match: { path: '/a', method: 'GET', tenant: 't', clientId: 'c' }, answer: { fault: 'html-502' } });
    const { json } = await control('POST', 'rules', { answer: { fault: 'no-answer', delayMs: 5 } });
    expect((await control('GET', 'rules')).json.rules).toEqual([
      { id: json.id - 1, match: { path: '/a', method: 'GET', tenant: 't', clientId: 'c' }, answer: { fault: 'html-502' } },
      { id: json.id, answer: { fault: 'no-answer', delayMs: 5 } },
    ]);
  });

  test('are removed for one tenant, or all', async () => {
    for (const tenant of ['a.example', 'b.example']) harness.mock.addRule({ match: { tenant }, answer: { status: 500 } });
    await control('DELETE', 'rules?tenant=A.example');
    expect([await ask('a.example'), await ask('b.example')]).toEqual([200, 500]);
    await control('DELETE', 'rules');
    expect(await ask('b.example')).toBe(200);
  });
});

describe('the queue', () => {
  test('is filled, listed and emptied', async () => {
    expect((await control('POST', 'queue', { answer: { status: 500 }, match: { tenant: 'a.example' } })).status).toBe(201);
    expect((await control('POST', 'queue', { answer: { aadsts: 7000222 } })).status).toBe(201);
    expect((await control('GET', 'queue')).json).toEqual({
      queue: [{ match: { tenant: 'a.example' }, answer: { status: 500 } }, { answer: { aadsts: 7000222 } }],
    });
    expect([await ask(), await ask(), await ask('a.example')]).toEqual([401, 200, 500]);
    await control('POST', 'queue', { answer: { status: 500 } });
    expect((await control('DELETE', 'queue')).status).toBe(204);
    expect(await ask()).toBe(200);
  });
});

describe('the clock', () => {
  test('is read, set ahead and put back', async () => {
    expect((await control('POST', 'clock', { advanceMs: 3_600_000 })).json).toEqual({ nowMs: NOW_MS + 3_600_000, aheadMs: 3_600_000 });
    expect((await control('POST', 'clock', { advanceMs: 1 })).json.aheadMs).toBe(3_600_001);
    expect((await harness.send(harness.mock.authorityHost)).headers['date']).toBe(new Date(NOW_MS + 3_600_000).toUTCString());
    expect((await control('GET', 'clock')).json.nowMs).toBe(NOW_MS + 3_600_001);
    expect((await control('DELETE', 'clock')).json).toEqual({ nowMs: NOW_MS, aheadMs: 0 });
  });
});

describe('reset', () => {
  test('with a tenant forgets what is of that tenant alone', async () => {
    const { mock } = harness;
    for (const tenant of ['a.example', 'b.example']) {
      await ask(tenant);
      mock.enqueue({ status: 500 }, { tenant });
      mock.addRule({ match: { tenant }, answer: { status: 501 } });
    }
    mock.advanceClock(5);
    expect((await control('POST', 'reset?tenant=A.EXAMPLE')).status).toBe(204);
    expect(mock.journal.map(({ id, tenant }) => [id, tenant])).toEqual([[2, 'b.example']]);
    expect((await control('GET', 'clock')).json.aheadMs).toBe(5);
    expect([await ask('a.example'), await ask('b.example'), await ask('b.example')]).toEqual([200, 500, 501]);
  });

  test('without one forgets everything', async () => {
    harness.mock.enqueue({ status: 500 });
    harness.mock.advanceClock(5);
    await harness.send(harness.mock.authorityHost);
    expect((await control('POST', 'reset')).status).toBe(204);
    expect((await control('GET', '')).json).toMatchObject({ journal: { entries: 0, lastId: 0 }, queue: 0, clock: { aheadMs: 0 } });
  });
});

describe('what can be asked for', () => {
  test('are the faults and the AADSTS codes, each in words', async () => {
    const { faults, aadsts } = (await control('GET', 'answers')).json;
    expect(faults).toHaveLength(16);
    for (const { name, description } of faults) {
      expect(description).toMatch(/^[A-Z].+\.$/);
      expect((await control('POST', 'queue', { answer: { fault: name } })).status).toBe(201);
    }
    const secret = { code: 7000222, error: 'invalid_client', status: 401, message: expect.stringContaining('are expired') };
    expect(aadsts).toContainEqual(secret);
  });

  test('is a certificate, and the own client may use it', async () => {
    const { status, json } = await control('POST', 'certificates', { subject: 'By HTTP', key: 'ec' });
    expect(status).toBe(201);
    expect(new X509Certificate(json.certificate).subject).toContain('CN=By HTTP');
    expect(Object.keys(json).sort()).toEqual(['certificate', 'pfx', 'pfxPassword', 'privateKey']);
  });

  test('is a federated token', async () => {
    const { status, json } = await control('POST', 'federated-tokens', { subject: 'repo:a/b', lifetimeSeconds: 60 });
    expect([status, decodeJwt(json.token).sub]).toEqual([201, 'repo:a/b']);
  });

  test('is the environment of a platform', async () => {
    const { environment } = (await control('GET', 'platform/app-service')).json;
    expect(environment).toEqual(await harness.mock.platformEnvironment('app-service'));
  });
});
