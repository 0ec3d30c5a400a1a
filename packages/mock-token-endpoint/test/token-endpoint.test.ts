/** The token endpoint seen from outside: the success and every refusal that has nothing to do with assertions. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fields, GUID, type Harness, NOW_MS, NOW_SECONDS, startHarness } from './harness.ts';

const STRICT_TENANT = '0f1e2d3c-4b5a-4697-8899-aabbccddeeff';
const STRICT_CLIENT = '11111111-2222-4333-8444-555555555555';
const DISABLED_CLIENT = '66666666-7777-4888-9999-aaaaaaaaaaaa';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({
    tenants: {
      [STRICT_TENANT]: {
        clients: {
          [STRICT_CLIENT]: { secrets: ['first secret', 'sécret: &=+%'], roles: ['Orders.Read', 'Not.Declared'] },
          [DISABLED_CLIENT]: { secrets: ['x'], disabled: true },
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
  test('a secret in the body gets a token in the shape of RFC 6749 §5.1', async () => {
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

  test('a secret in a Basic header is form-decoded as RFC 6749 §2.3.1 says', async () => {
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

  test('a token without roles has no claim of that name', async () => {
    const { fields, url } = strict({ scope: 'https://graph.microsoft.com/.default' });
    expect(decodeJwt((await harness.post(fields, { url })).json.access_token)).not.toHaveProperty('roles');
  });

  test('a second slash before .default belongs to the resource', async () => {
    const reply = await harness.post({ ...harness.secretFields(), scope: 'api://mock-graph//.default' });
    expect(decodeJwt(reply.json.access_token).aud).toBe('api://mock-graph/');
  });

  test('an unknown domain name comes into being as a tenant with one GUID, in any case', async () => {
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

  test("the client's request id comes back when it asks for it, and as correlation id of an error", async () => {
    const id = 'd3b07384-d9a0-4c9b-8f6e-0a1b2c3d4e5f';
    const headers = { 'client-request-id': id, 'return-client-request-id': 'true' };
    const granted = await harness.post(harness.secretFields(), { headers });
    expect(granted.headers['client-request-id']).toBe(id);
    const refused = await harness.post({}, { url: `${harness.mock.tokenEndpoint}?client-request-id=${id}` });
    expect(refused.json.correlation_id).toBe(id);
  });
});

test('a refusal has every member that Entra sends, and line breaks in its description', async () => {
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

interface Refusal {
  readonly title: string;
  readonly send: () => ReturnType<Harness['post']>;
  readonly status: number;
  readonly error: string;
  readonly code: number;
}

const changed = (fields: Fields) => harness.post({ ...harness.secretFields(), ...fields });
const atTenant = (tenant: string) =>
  harness.post(harness.secretFields(), { url: `${harness.mock.authorityHost}/${tenant}/oauth2/v2.0/token` });
const posted = (contentType: string, body: string) =>
  harness.send(harness.mock.tokenEndpoint, { method: 'POST', headers: { 'content-type': contentType }, body });
const inStrictTenant = (fields: Fields, headers?: Record<string, string>) => {
  const request = strict(fields);
  return harness.post(request.fields, { url: request.url, ...(headers ? { headers } : {}) });
};
const withBasic = (fields: Fields, id: string) =>
  inStrictTenant({ client_secret: undefined, ...fields }, { authorization: basic(id, 'first+secret') });

const refusals: Refusal[] = [
  { title: 'GET', send: () => harness.send(harness.mock.tokenEndpoint), status: 400, error: 'invalid_request', code: 900561 },
  {
    title: 'a JSON body',
    send: () => posted('application/json', '{"grant_type":"client_credentials"}'),
    status: 400,
    error: 'invalid_request',
    code: 900144,
  },
  {
    title: 'a repeated parameter',
    send: () => posted('application/x-www-form-urlencoded', 'grant_type=client_credentials&scope=a&scope=b'),
    status: 400,
    error: 'invalid_request',
    code: 9002313,
  },
  { title: 'no grant_type', send: () => changed({ grant_type: undefined }), status: 400, error: 'invalid_request', code: 900144 },
  { title: 'an empty grant_type', send: () => changed({ grant_type: '' }), status: 400, error: 'invalid_request', code: 900144 },
  { title: 'another grant', send: () => changed({ grant_type: 'password' }), status: 400, error: 'unsupported_grant_type', code: 70003 },
  {
    title: 'the resource parameter of v1',
    send: () => changed({ resource: 'api://orders' }),
    status: 400,
    error: 'invalid_request',
    code: 901002,
  },
  { title: 'no scope', send: () => changed({ scope: undefined }), status: 400, error: 'invalid_request', code: 900144 },
  { title: 'the tenant common', send: () => atTenant('common'), status: 400, error: 'invalid_request', code: 9001023 },
  { title: 'the tenant consumers', send: () => atTenant('Consumers'), status: 400, error: 'invalid_request', code: 9001023 },
  {
    title: 'the GUID of consumers',
    send: () => atTenant('9188040d-6c67-4c5b-b112-36a304b66dad'),
    status: 400,
    error: 'invalid_request',
    code: 9001023,
  },
  { title: 'the tenant organizations', send: () => atTenant('organizations'), status: 400, error: 'invalid_request', code: 50059 },
  { title: 'a tenant that is no name', send: () => atTenant('not_a_tenant'), status: 400, error: 'invalid_request', code: 900023 },
  { title: 'no credential', send: () => changed({ client_secret: undefined }), status: 401, error: 'invalid_client', code: 7000216 },
  {
    title: 'a secret and an assertion',
    send: () => changed({ client_assertion: 'a.b.c' }),
    status: 400,
    error: 'invalid_request',
    code: 9002313,
  },
  {
    title: 'a secret twice',
    send: () => withBasic({ client_secret: 'first secret' }, STRICT_CLIENT),
    status: 400,
    error: 'invalid_request',
    code: 9002313,
  },
  { title: 'two client ids', send: () => withBasic({}, DISABLED_CLIENT), status: 400, error: 'invalid_request', code: 9002313 },
  {
    title: 'a Basic header without a colon',
    send: () => inStrictTenant({ client_secret: undefined, client_id: undefined }, { authorization: 'Basic eA==' }),
    status: 400,
    error: 'invalid_request',
    code: 900144,
  },
  { title: 'no client id', send: () => changed({ client_id: undefined }), status: 400, error: 'invalid_request', code: 900144 },
  {
    title: 'another client in a tenant that came into being',
    send: () => changed({ client_id: STRICT_CLIENT }),
    status: 400,
    error: 'unauthorized_client',
    code: 700016,
  },
  {
    title: "the mock's own client in a configured tenant",
    send: () => inStrictTenant({ client_id: harness.mock.clientId }),
    status: 400,
    error: 'unauthorized_client',
    code: 700016,
  },
  {
    title: 'a disabled client',
    send: () => inStrictTenant({ client_id: DISABLED_CLIENT, client_secret: 'x' }),
    status: 400,
    error: 'unauthorized_client',
    code: 7000112,
  },
  { title: 'a wrong secret', send: () => changed({ client_secret: 'wrong' }), status: 401, error: 'invalid_client', code: 7000215 },
  {
    title: "another tenant's secret",
    send: () => inStrictTenant({ client_secret: harness.mock.clientSecret }),
    status: 401,
    error: 'invalid_client',
    code: 7000215,
  },
  {
    title: 'a scope without /.default',
    send: () => changed({ scope: 'User.Read.All' }),
    status: 400,
    error: 'invalid_scope',
    code: 1002012,
  },
  {
    title: 'a scope that is only /.default',
    send: () => changed({ scope: '/.default' }),
    status: 400,
    error: 'invalid_scope',
    code: 1002012,
  },
  {
    title: 'two resources',
    send: () => changed({ scope: 'api://mock-graph/.default api://orders/.default' }),
    status: 400,
    error: 'invalid_scope',
    code: 700022,
  },
  {
    title: 'another scope beside /.default',
    send: () => changed({ scope: 'api://mock-graph/.default User.Read.All' }),
    status: 400,
    error: 'invalid_scope',
    code: 70011,
  },
  {
    title: 'a scope outside the grammar',
    send: () => changed({ scope: 'api://mock-graph"/.default' }),
    status: 400,
    error: 'invalid_scope',
    code: 70011,
  },
  {
    title: 'an unknown resource',
    send: () => changed({ scope: 'api://nowhere/.default' }),
    status: 400,
    error: 'invalid_resource',
    code: 500011,
  },
];

test.each(refusals)('$title is AADSTS$code', async ({ send, status, error, code }) => {
  const reply = await send();
  expect({ status: reply.status, error: reply.json.error, codes: reply.json.error_codes }).toEqual({ status, error, codes: [code] });
  expect(reply.json.error_description).toMatch(new RegExp(`^AADSTS${code}: `));
  expect(reply.json.error_description).not.toMatch(/[{}]|unknown/);
});
