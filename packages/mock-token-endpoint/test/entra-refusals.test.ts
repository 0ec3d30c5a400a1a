/** Every refusal of Entra's v2.0 token endpoint that has nothing to do with assertions. */
import { afterAll, beforeAll, test } from 'vitest';
import { type Fields, type Harness, startHarness } from './harness.ts';
import { expectRefusal, INVALID_CLIENT, INVALID_REQUEST, INVALID_SCOPE, type Refusal } from './refusal.ts';

const STRICT_TENANT = '0f1e2d3c-4b5a-4697-8899-aabbccddeeff';
const STRICT_CLIENT = '11111111-2222-4333-8444-555555555555';
const DISABLED_CLIENT = '66666666-7777-4888-9999-aaaaaaaaaaaa';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({
    seed: 'refusals',
    tenants: {
      [STRICT_TENANT]: {
        clients: {
          [STRICT_CLIENT]: { secrets: ['first secret'], expiredSecrets: ['last year'] },
          [DISABLED_CLIENT]: { secrets: ['x'], disabled: true },
        },
      },
    },
    resources: { 'api://orders': {} },
  });
});
afterAll(() => harness.close());

const strict = (fields: Fields) => ({
  fields: { ...harness.secretFields(), client_id: STRICT_CLIENT, client_secret: 'first secret', scope: 'api://orders/.default', ...fields },
  url: `${harness.mock.authorityHost}/${STRICT_TENANT}/oauth2/v2.0/token`,
});
const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

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
  { title: 'GET', send: () => harness.send(harness.mock.tokenEndpoint), ...INVALID_REQUEST, code: 900561 },
  {
    title: 'a JSON body',
    send: () => posted('application/json', '{"grant_type":"client_credentials"}'),
    ...INVALID_REQUEST,
    code: 900144,
  },
  {
    title: 'a repeated parameter',
    send: () => posted('application/x-www-form-urlencoded', 'grant_type=client_credentials&scope=a&scope=b'),
    ...INVALID_REQUEST,
    code: 9002313,
  },
  { title: 'no grant_type', send: () => changed({ grant_type: undefined }), ...INVALID_REQUEST, code: 900144 },
  { title: 'an empty grant_type', send: () => changed({ grant_type: '' }), ...INVALID_REQUEST, code: 900144 },
  { title: 'another grant', send: () => changed({ grant_type: 'password' }), status: 400, error: 'unsupported_grant_type', code: 70003 },
  {
    title: 'ENT-03: the resource parameter of v1',
    send: () => changed({ resource: 'api://orders' }),
    ...INVALID_REQUEST,
    code: 901002,
  },
  { title: 'no scope', send: () => changed({ scope: undefined }), ...INVALID_REQUEST, code: 900144 },
  { title: 'ENT-02: the tenant common', send: () => atTenant('common'), ...INVALID_REQUEST, code: 9001023 },
  { title: 'ENT-02: the tenant consumers', send: () => atTenant('Consumers'), ...INVALID_REQUEST, code: 9001023 },
  {
    title: 'ENT-02: the GUID of consumers',
    send: () => atTenant('9188040d-6c67-4c5b-b112-36a304b66dad'),
    ...INVALID_REQUEST,
    code: 9001023,
  },
  { title: 'ENT-02: the tenant organizations', send: () => atTenant('organizations'), ...INVALID_REQUEST, code: 50059 },
  { title: 'a tenant that is no name', send: () => atTenant('not_a_tenant'), ...INVALID_REQUEST, code: 900023 },
  { title: 'no credential', send: () => changed({ client_secret: undefined }), ...INVALID_CLIENT, code: 7000216 },
  {
    title: 'a secret and an assertion',
    send: () => changed({ client_assertion: 'a.b.c' }),
    ...INVALID_REQUEST,
    code: 9002313,
  },
  {
    title: 'a secret twice',
    send: () => withBasic({ client_secret: 'first secret' }, STRICT_CLIENT),
    ...INVALID_REQUEST,
    code: 9002313,
  },
  { title: 'two client ids', send: () => withBasic({}, DISABLED_CLIENT), ...INVALID_REQUEST, code: 9002313 },
  {
    title: 'a Basic header without a colon',
    send: () => inStrictTenant({ client_secret: undefined, client_id: undefined }, { authorization: 'Basic eA==' }),
    ...INVALID_REQUEST,
    code: 900144,
  },
  { title: 'no client id', send: () => changed({ client_id: undefined }), ...INVALID_REQUEST, code: 900144 },
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
  { title: 'a wrong secret', send: () => changed({ client_secret: 'wrong' }), ...INVALID_CLIENT, code: 7000215 },
  {
    title: "a secret's id in place of its value",
    send: () => changed({ client_secret: '3f2504e0-4f89-41d3-9a0c-0305e82c3301' }),
    ...INVALID_CLIENT,
    code: 7000215,
  },
  { title: 'an expired secret', send: () => inStrictTenant({ client_secret: 'last year' }), ...INVALID_CLIENT, code: 7000222 },
  {
    title: "another tenant's secret",
    send: () => inStrictTenant({ client_secret: harness.mock.clientSecret }),
    ...INVALID_CLIENT,
    code: 7000215,
  },
  { title: 'claims that are no JSON', send: () => changed({ claims: '{' }), ...INVALID_REQUEST, code: 9002313 },
  { title: 'claims that are no object', send: () => changed({ claims: '["access_token"]' }), ...INVALID_REQUEST, code: 9002313 },
  {
    title: 'claims over 16 KiB',
    send: () => changed({ claims: JSON.stringify({ access_token: 'a'.repeat(16_384) }) }),
    ...INVALID_REQUEST,
    code: 9002313,
  },
  { title: 'a token_type that is not issued here', send: () => changed({ token_type: 'pop' }), ...INVALID_REQUEST, code: 9002313 },
  {
    title: 'ENT-10: a scope without /.default',
    send: () => changed({ scope: 'User.Read.All' }),
    ...INVALID_SCOPE,
    code: 1002012,
  },
  {
    title: 'ENT-10: a scope that is only /.default',
    send: () => changed({ scope: '/.default' }),
    ...INVALID_SCOPE,
    code: 1002012,
  },
  {
    title: 'ENT-10: two resources',
    send: () => changed({ scope: 'api://mock-graph/.default api://orders/.default' }),
    ...INVALID_SCOPE,
    code: 700022,
  },
  {
    title: 'ENT-10: another scope beside /.default',
    send: () => changed({ scope: 'api://mock-graph/.default User.Read.All' }),
    ...INVALID_SCOPE,
    code: 70011,
  },
  {
    title: 'a scope outside the grammar',
    send: () => changed({ scope: 'api://mock-graph"/.default' }),
    ...INVALID_SCOPE,
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

test.each(refusals)('$title is AADSTS$code', expectRefusal);
