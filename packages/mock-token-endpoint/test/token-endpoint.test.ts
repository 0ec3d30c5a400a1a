/** Entra's v2.0 token endpoint seen from outside: what a success and a refusal look like. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fields, GUID, type Harness, NOW_MS, NOW_SECONDS, startHarness } from './harness.ts';

const STRICT_TENANT = '0f1e2d3c-4b5a-4697-8899-aabbccddeeff';
const STRICT_CLIENT = '11111111-2222-4333-8444-555555555555';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({
    seed: 'token endpoint',
    tenants: {
      [STRICT_TENANT]: {
        clients: {
          [STRICT_CLIENT]: { secrets: ['first secret', 'sécret: &=+%'], roles: ['Orders.Read', 'Not.Declared'] },
        },
      },
    },
    resources: { 'api://orders': { roles: ['Orders.Read', 'Orders.Write'] } },
  });
});
afterAll(() => harness.close());

const strict = (fields: Fields) => ({
  fields: { ...harness.secretFields(), client_id: STRICT_CLIENT, client_secret: 'first secret', scope: 'api://orders/.default', ...fields },
  url: `${harness.mock.authorityHost}/${STRICT_TENANT}/oauth2/v2.0/token`,
});
const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

describe('success', () => {
  test('ENT-30: a secret in the body gets a token in the shape of RFC 6749 §5.1', async () => {
    const { mock } = harness;
    const reply = await harness.post(harness.secretFields());
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({ token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600, access_token: expect.any(String) });
    expect(reply.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'x-ms-request-id': expect.stringMatching(GUID),
      date: new Date(NOW_MS).toUTCString(),
    });
    expect(reply.headers).not.toHaveProperty('client-request-id');
    const { kid, ...header } = decodeProtectedHeader(reply.json.access_token);
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT' });
    const { oid, jti, ...claims } = decodeJwt(reply.json.access_token);
    expect(claims).toEqual({
      iss: `${mock.authorityHost}/${mock.tenantId}/v2.0`,
      aud: 'api://mock-graph',
      tid: mock.tenantId,
      appid: mock.clientId,
      azp: mock.clientId,
      azpacr: '1',
      idtyp: 'app',
      roles: ['User.Read.All'],
      sub: oid,
      iat: NOW_SECONDS,
      nbf: NOW_SECONDS,
      exp: NOW_SECONDS + 3600,
      ver: '2.0',
    });
    expect([oid, jti]).toEqual([expect.stringMatching(GUID), expect.stringMatching(GUID)]);
    expect(kid).toEqual(expect.any(String));
  });

  test('ENT-13: a secret in a Basic header is form-decoded as RFC 6749 §2.3.1 says', async () => {
    const { fields, url } = strict({ client_id: undefined, client_secret: undefined });
    const authorization = basic(STRICT_CLIENT, 's%C3%A9cret%3A+%26%3D%2B%25');
    const reply = await harness.post(fields, { url, headers: { authorization } });
    expect(reply.status).toBe(200);
    expect(decodeJwt(reply.json.access_token)).toMatchObject({ appid: STRICT_CLIENT, azpacr: '1' });
  });

  test('a token carries the roles that are both granted to the client and declared by the resource', async () => {
    const { fields, url } = strict({});
    const reply = await harness.post(fields, { url });
    expect(decodeJwt(reply.json.access_token)).toMatchObject({ aud: 'api://orders', tid: STRICT_TENANT, roles: ['Orders.Read'] });
  });

  test('ENT-56: a token without roles has no claim of that name', async () => {
    const { fields, url } = strict({ scope: 'https://graph.microsoft.com/.default' });
    expect(decodeJwt((await harness.post(fields, { url })).json.access_token)).not.toHaveProperty('roles');
  });

  test('ENT-11: a second slash before .default belongs to the resource', async () => {
    const reply = await harness.post({ ...harness.secretFields(), scope: 'api://mock-graph//.default' });
    expect(decodeJwt(reply.json.access_token).aud).toBe('api://mock-graph/');
  });

  test('ENT-01: an unknown domain name comes into being as a tenant with one GUID, in any case', async () => {
    const tids = [];
    for (const tenant of ['fabrikam.example', 'FABRIKAM.example', 'other.example']) {
      const reply = await harness.post(harness.secretFields(), { url: `${harness.mock.authorityHost}/${tenant}/oauth2/v2.0/token` });
      tids.push(decodeJwt(reply.json.access_token)['tid']);
    }
    expect(tids[0]).toMatch(GUID);
    expect(tids[1]).toBe(tids[0]);
    expect(tids[2]).not.toBe(tids[0]);
  });

  test('extra fields, a query and a slash before it do no harm', async () => {
    const fields = {
      ...harness.secretFields(),
      client_info: '1',
      'x-client-SKU': 'msal.js.node',
      'x-ms-lib-capability': 'retry-after, h429',
      claims: '{}',
    };
    const reply = await harness.post(fields, { url: `${harness.mock.tokenEndpoint}/?client-request-id=0` });
    expect(reply.status).toBe(200);
  });

  test("ENT-21: the client's request id comes back when it asks for it, and as correlation id of an error", async () => {
    const id = 'd3b07384-d9a0-4c9b-8f6e-0a1b2c3d4e5f';
    const headers = { 'client-request-id': id, 'return-client-request-id': 'true' };
    const granted = await harness.post(harness.secretFields(), { headers });
    expect(granted.headers['client-request-id']).toBe(id);
    const refused = await harness.post({}, { url: `${harness.mock.tokenEndpoint}?client-request-id=${id}` });
    expect(refused.json.correlation_id).toBe(id);
  });
});

test('ENT-34: a refusal has every member that Entra sends, and line breaks in its description', async () => {
  const { mock } = harness;
  const reply = await harness.post({ ...harness.secretFields(), client_secret: 'wrong' });
  const { trace_id, correlation_id } = reply.json;
  expect(reply.status).toBe(401);
  expect(reply.json).toEqual({
    error: 'invalid_client',
    error_description: [
      `AADSTS7000215: Invalid client secret provided. Send the secret's value, not its id, of a secret added to app '${mock.clientId}'.`,
      `Trace ID: ${trace_id}`,
      `Correlation ID: ${correlation_id}`,
      'Timestamp: 2031-05-06 07:08:09Z',
    ].join('\r\n'),
    error_codes: [7000215],
    timestamp: '2031-05-06 07:08:09Z',
    trace_id: expect.stringMatching(GUID),
    correlation_id: expect.stringMatching(GUID),
    error_uri: `${mock.authorityHost}/error?code=7000215`,
  });
  expect(reply.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache', 'x-ms-request-id': trace_id });
});
