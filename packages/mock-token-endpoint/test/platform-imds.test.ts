/** IMDS, as a program on an Azure VM meets it. */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { USER_ASSIGNED_IDENTITY } from '../src/platform/managed-identity.ts';
import { GUID, type Harness, NOW_SECONDS, startHarness } from './harness.ts';

let harness: Harness;
let base: string;
beforeAll(async () => {
  harness = await startHarness({ seed: 'imds', tokenLifetimeSeconds: 7200 });
  base = (await harness.mock.platformEnvironment('imds'))['AZURE_POD_IDENTITY_AUTHORITY_HOST'] ?? '';
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const METADATA = { metadata: 'true' };
const get = (
  query: Record<string, string>,
  { headers = METADATA, method = 'GET' }: { headers?: Record<string, string>; method?: string } = {},
) => harness.send(`${base}/metadata/identity/oauth2/token?${new URLSearchParams(query)}`, { headers, method });
const ask = (query: Record<string, string> = {}) => get({ 'api-version': '2018-02-01', resource: 'api://mock-graph', ...query });

describe('a token', () => {
  test('MI-01: comes with every number as a string and an empty refresh token', async () => {
    const { status, json } = await ask();
    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: expect.any(String),
      refresh_token: '',
      token_type: 'Bearer',
      resource: 'api://mock-graph',
      client_id: expect.stringMatching(GUID),
      expires_in: '7200',
      ext_expires_in: '7200',
      expires_on: String(NOW_SECONDS + 7200),
      not_before: String(NOW_SECONDS),
    });
  });

  test('is of the system-assigned identity in the tenant of the mock, and the API takes it', async () => {
    const { json } = await ask();
    const claims = decodeJwt(json.access_token);
    expect(claims).toMatchObject({
      aud: 'api://mock-graph',
      appid: json.client_id,
      tid: harness.mock.tenantId,
      idtyp: 'app',
      roles: ['User.Read.All'],
    });
    expect(json.client_id).not.toBe(harness.mock.clientId);
    expect((await harness.callApi('users', { token: json.access_token })).status).toBe(200);
  });

  test('MI-04: is for the resource as it was named', async () => {
    const { json } = await ask({ resource: 'https://graph.microsoft.com/' });
    expect([json.resource, decodeJwt(json.access_token).aud]).toEqual(['https://graph.microsoft.com/', 'https://graph.microsoft.com/']);
  });

  test('is had with a slash before the query too, as MSAL asks', async () => {
    const url = `${base}/metadata/identity/oauth2/token/?api-version=2018-02-01&resource=api://mock-graph`;
    expect((await harness.send(url, { headers: METADATA })).status).toBe(200);
  });

  test('is of the user-assigned identity for whoever names it by resource, client or object id', async () => {
    const byResource = (await ask({ msi_res_id: USER_ASSIGNED_IDENTITY.toUpperCase() })).json;
    const { oid, appid } = decodeJwt(byResource.access_token);
    expect(appid).not.toBe((await ask()).json.client_id);
    expect((await ask({ client_id: String(appid).toUpperCase() })).json.client_id).toBe(appid);
    expect((await ask({ object_id: String(oid) })).json.client_id).toBe(appid);
  });
});

describe('a refusal', () => {
  test.each([
    ['an identity nobody has', { client_id: 'd6d54a5a-8a3c-4a5e-9d0f-2b1f9a4c1e11' }, 'Identity not found'],
    ['two identities', { client_id: 'a', object_id: 'b' }, 'Identity not found'],
    [
      'the parameter of another platform',
      { mi_res_id: USER_ASSIGNED_IDENTITY },
      "The query variable 'mi_res_id' names no identity on this platform.",
    ],
    ['no resource', { resource: '' }, "The query variable 'resource' must be given once."],
    ['another version', { 'api-version': '2017-09-01' }, "The query variable 'api-version' is '2017-09-01': use 2018-02-01."],
  ])('meets %s', async (_, query, description) => {
    const { status, json } = await ask(query);
    expect([status, json]).toEqual([400, { error: 'invalid_request', error_description: description }]);
  });

  test('MI-03: meets who does not send the header, which is how clients find out that the service is there', async () => {
    const probe = await get({}, { headers: {} });
    expect([probe.status, probe.json]).toEqual([
      400,
      { error: 'invalid_request', error_description: 'Required metadata header not specified' },
    ]);
    expect((await get({ 'api-version': '2018-02-01', resource: 'api://mock-graph' }, { headers: { metadata: 'True' } })).status).toBe(400);
  });

  test('meets a forwarded request and another method', async () => {
    const forwarded = await get({}, { headers: { ...METADATA, 'x-forwarded-for': '10.0.0.1' } });
    expect([forwarded.status, forwarded.json.error]).toEqual([400, 'invalid_request']);
    const posted = await get({}, { method: 'POST' });
    expect([posted.status, posted.headers['allow']]).toEqual([405, 'GET']);
  });

  test('of an unknown resource is in the words of Entra', async () => {
    const { status, json } = await ask({ resource: 'https://nobody.example' });
    expect([status, json.error]).toEqual([400, 'invalid_resource']);
    expect(json.error_description).toMatch(/^AADSTS500011: .*https:\/\/nobody\.example/);
  });
});

describe('requests', () => {
  test('are in the journal with their checks, tenant and identity', async () => {
    const { json } = await ask();
    expect(harness.mock.journal.at(-1)).toMatchObject({
      listener: 'local',
      status: 200,
      tenant: harness.mock.tenantId,
      clientId: json.client_id,
      tokenClaims: { appid: json.client_id },
    });
    const failed = await get({}, { headers: {} });
    expect(failed.status).toBe(400);
    expect(harness.mock.journal.at(-1)?.checks).toEqual([
      { name: 'the method is GET', passed: true, section: 'Azure: Instance Metadata Service' },
      { name: 'the header Metadata is true', passed: false, section: 'Azure: Instance Metadata Service' },
    ]);
  });

  test('MI-02: are answered by rule with 404, 410, 429 and 503, then honestly again', async () => {
    for (const status of [404, 410, 429, 503]) {
      harness.mock.addRule({ match: { path: '/metadata/identity/oauth2/token' }, times: 1, answer: { status } });
    }
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await ask()).status);
    expect(statuses).toEqual([404, 410, 429, 503, 200]);
  });

  test('leave the queue of token answers alone, and get a changed token by rule', async () => {
    harness.mock.enqueue({ aadsts: 90033 });
    harness.mock.addRule({ match: { path: '/metadata/identity/oauth2/token' }, answer: { token: { tid: 'elsewhere' } } });
    const { status, json } = await ask();
    expect([status, json.refresh_token, decodeJwt(json.access_token)['tid']]).toEqual([200, '', 'elsewhere']);
    expect((await harness.post(harness.secretFields())).json.error_codes).toEqual([90033]);
  });
});

describe('the instance', () => {
  const compute = (query: string, headers: Record<string, string> = METADATA) =>
    harness.send(`${base}/metadata/instance/compute${query}`, { headers });

  test('ENT-43: says where it runs, and which versions there are to who names none', async () => {
    expect((await compute('?api-version=2021-02-01')).json).toMatchObject({ location: 'westeurope', azEnvironment: 'AzurePublicCloud' });
    const unversioned = await compute('');
    expect([unversioned.status, unversioned.json['newest-versions'][0]]).toEqual([400, '2021-02-01']);
    expect((await compute('?api-version=2021-02-01', {})).status).toBe(400);
    expect((await harness.send(`${base}/metadata/instance/compute`, { method: 'POST' })).status).toBe(405);
  });
});
