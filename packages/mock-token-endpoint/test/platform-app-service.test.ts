/** The managed identity endpoint of App Service, as a program finds it through its environment. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { USER_ASSIGNED_IDENTITY } from '../src/platform/managed-identity.ts';
import { GUID, type Harness, NOW_SECONDS, startHarness } from './harness.ts';

let harness: Harness;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  harness = await startHarness({ seed: 'app service' });
  environment = await harness.mock.platformEnvironment('app-service');
});
afterAll(() => harness.close());

const QUERY = { 'api-version': '2019-08-01', resource: 'api://mock-graph' };
const ask = (query: Record<string, string> = {}, secret: string | undefined = environment['IDENTITY_HEADER']) =>
  harness.send(`${environment['IDENTITY_ENDPOINT']}?${new URLSearchParams({ ...QUERY, ...query })}`, {
    headers: { 'x-identity-header': secret ?? '' },
  });

test('a token comes with its expiry as a string of epoch seconds, and without a lifetime', async () => {
  const { status, json } = await ask();
  expect(status).toBe(200);
  expect(json).toEqual({
    access_token: expect.any(String),
    expires_on: String(NOW_SECONDS + 3600),
    resource: 'api://mock-graph',
    token_type: 'Bearer',
    client_id: expect.stringMatching(GUID),
  });
  expect((await harness.callApi('users', { token: json.access_token })).status).toBe(200);
});

test('all four parameters name the user-assigned identity', async () => {
  const { json } = await ask({ mi_res_id: USER_ASSIGNED_IDENTITY });
  const { oid } = decodeJwt(json.access_token);
  for (const query of [{ client_id: json.client_id }, { object_id: String(oid) }, { principal_id: String(oid) }]) {
    expect((await ask(query)).json.client_id).toBe(json.client_id);
  }
});

test('a wrong or absent secret is 401 in the shape of App Service', async () => {
  for (const secret of ['', 'guess']) {
    const { status, json } = await ask({}, secret);
    expect(status).toBe(401);
    expect(json).toEqual({
      statusCode: 401,
      message: expect.stringContaining('X-IDENTITY-HEADER'),
      correlationId: expect.stringMatching(GUID),
    });
  }
  expect(harness.mock.journal.at(-1)?.checks.at(-1)).toEqual({
    name: 'X-IDENTITY-HEADER is the secret of IDENTITY_HEADER',
    passed: false,
    section: 'Azure: App Service managed identities',
  });
});

test.each([
  [{ client_id: 'd6d54a5a-8a3c-4a5e-9d0f-2b1f9a4c1e11' }, 'Identity not found'],
  [{ msi_res_id: USER_ASSIGNED_IDENTITY }, "The query variable 'msi_res_id' names no identity on this platform."],
  [{ 'api-version': '2017-09-01' }, "The query variable 'api-version' is '2017-09-01': use 2019-08-01."],
  [{ resource: '' }, "The query variable 'resource' must be given once."],
])('%j is refused', async (query, message) => {
  const { status, json } = await ask(query);
  expect([status, json.statusCode, json.message]).toEqual([400, 400, message]);
});
