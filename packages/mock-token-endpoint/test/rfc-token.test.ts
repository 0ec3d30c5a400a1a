/** What the RFC face grants: its tokens, the scopes and resources it knows, and requests it refuses. RFC 6749 §4.4, RFC 8707 §2, RFC 9068 §2. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GUID, NOW_SECONDS } from './harness.ts';
import { basic, GRANT, type RfcHarness, startRfcHarness } from './rfc-harness.ts';

const VAULT = 'https://vault.example/';
const READER = basic('reader', 's');

let harness: RfcHarness;
beforeAll(async () => {
  harness = await startRfcHarness({
    tenants: { 'contoso.example': { clients: { reader: { secrets: ['s'], roles: ['Vault.Read', 'Vault.List', 'Mail.Send'] } } } },
    resources: { [VAULT]: { roles: ['Vault.Read', 'Vault.Write', 'Vault.List'] }, 'urn:mail': { roles: ['Mail.Send'] } },
    tokenLifetimeSeconds: 600,
  });
});
afterAll(() => harness.close());

describe('a token', () => {
  test('CC-22: has the claims of RFC 9068, and comes in a response of RFC 6749 that is never stored', async () => {
    const { mock } = harness;
    const reply = await harness.ask(GRANT, { headers: basic(mock.clientId, mock.clientSecret) });
    expect([reply.status, reply.headers['cache-control'], reply.headers['pragma']]).toEqual([200, 'no-store', 'no-cache']);
    const { access_token, ...members } = reply.json;
    expect(members).toEqual({ token_type: 'Bearer', expires_in: 600, scope: 'User.Read.All' });
    expect(decodeJwt(access_token)).toEqual({
      iss: mock.issuer,
      sub: mock.clientId,
      client_id: mock.clientId,
      aud: 'api://mock-graph',
      scope: 'User.Read.All',
      iat: NOW_SECONDS,
      exp: NOW_SECONDS + 600,
      jti: expect.stringMatching(GUID),
    });
  });

  test('opens the API', async () => {
    const { json } = await harness.ask(harness.secretFields());
    expect((await harness.callApi('users', { token: json.access_token })).status).toBe(200);
    const organization = await harness.callApi('organization', { token: json.access_token });
    expect(organization.json.value[0].id).toBe(harness.mock.tenantId);
    expect(harness.mock.journal.at(-1)).toMatchObject({ clientId: harness.mock.clientId, tokenClaims: { iss: harness.mock.issuer } });
  });

  test('is journaled with its claims, and a rule can change it', async () => {
    harness.mock.enqueue({ token: { expires_in: 1, aud: 'urn:other' } });
    const { json } = await harness.ask(harness.secretFields());
    expect([json.expires_in, decodeJwt(json.access_token).aud]).toEqual([1, 'urn:other']);
    expect(harness.mock.journal.at(-1)).toMatchObject({ path: '/rfc/token', status: 200, tokenClaims: { aud: 'urn:other' } });
  });
});

describe('scope and resource', () => {
  const granted: {
    title: string;
    fields: Record<string, string | readonly string[]>;
    aud: string;
    token: string;
    response?: string | undefined;
  }[] = [
    { title: 'CC-15: nothing asked: all the client has there', fields: { resource: VAULT }, aud: VAULT, token: 'Vault.Read Vault.List' },
    {
      title: 'CC-14: one of them, and the response says nothing of it',
      fields: { resource: VAULT, scope: 'Vault.List' },
      aud: VAULT,
      token: 'Vault.List',
      response: undefined,
    },
    {
      title: 'CC-14: the same scope twice is one, and the response says so',
      fields: { resource: VAULT, scope: 'Vault.List Vault.List' },
      aud: VAULT,
      token: 'Vault.List',
    },
    { title: 'audience names a resource too', fields: { audience: 'urn:mail' }, aud: 'urn:mail', token: 'Mail.Send' },
    { title: 'so does a scope in the way of Entra', fields: { scope: `${VAULT}/.default` }, aud: VAULT, token: 'Vault.Read Vault.List' },
    {
      title: 'EX-01: the same resource may come several times, and an empty one is none',
      fields: { resource: ['urn:mail', '', 'urn:mail'], audience: 'urn:mail', scope: 'urn:mail/.default' },
      aud: 'urn:mail',
      token: 'Mail.Send',
    },
  ];
  test.each(granted)('$title', async ({ fields, aud, token, ...expected }) => {
    const reply = await harness.ask({ ...GRANT, ...fields }, { headers: READER });
    const claims = decodeJwt(reply.json.access_token);
    expect([claims.aud, claims['scope']]).toEqual([aud, token]);
    expect(reply.json.scope).toBe('response' in expected ? expected.response : token);
  });

  test('a client without any role gets a token without scope', async () => {
    const { json } = await harness.ask(GRANT, { headers: READER });
    expect([json.scope, decodeJwt(json.access_token)['scope']]).toEqual([undefined, undefined]);
  });

  const refused: { title: string; fields: Record<string, string | readonly string[]>; error: string }[] = [
    { title: 'a role the client does not have', fields: { resource: VAULT, scope: 'Vault.Write' }, error: 'invalid_scope' },
    { title: 'a role of another resource', fields: { resource: VAULT, scope: 'Vault.Read Mail.Send' }, error: 'invalid_scope' },
    { title: 'a role without its resource', fields: { scope: 'Vault.Read' }, error: 'invalid_scope' },
    { title: 'CC-13: a scope outside the grammar', fields: { resource: VAULT, scope: 'Vault.Read  Vault.List' }, error: 'invalid_scope' },
    { title: 'EX-01: an unknown resource', fields: { resource: 'https://unknown.example/' }, error: 'invalid_target' },
    { title: 'EX-01: a resource that is no absolute URI', fields: { resource: 'vault' }, error: 'invalid_target' },
    { title: 'EX-01: a resource with a fragment', fields: { resource: `${VAULT}#f` }, error: 'invalid_target' },
    { title: 'two resources', fields: { resource: [VAULT, 'urn:mail'] }, error: 'invalid_target' },
    { title: 'a resource and another audience', fields: { resource: VAULT, audience: 'urn:mail' }, error: 'invalid_target' },
    { title: 'a resource and another in scope', fields: { resource: VAULT, scope: 'urn:mail/.default' }, error: 'invalid_target' },
  ];
  test.each(refused)('$title is $error', async ({ fields, error }) => {
    const reply = await harness.ask({ ...GRANT, ...fields }, { headers: READER });
    expect([reply.status, reply.json.error]).toEqual([400, error]);
  });
});

describe('a request', () => {
  const url = () => `${harness.mock.issuer}/token`;

  test('is posted', async () => {
    const reply = await harness.send(`${url()}?${new URLSearchParams(harness.secretFields() as Record<string, string>)}`);
    expect([reply.status, reply.json]).toEqual([400, { error: 'invalid_request', error_description: 'The method is GET: use POST.' }]);
  });

  test('is a form', async () => {
    const headers = { 'content-type': 'application/json' };
    const reply = await harness.send(url(), { method: 'POST', headers, body: JSON.stringify(harness.secretFields()) });
    expect([reply.status, reply.json.error]).toEqual([400, 'invalid_request']);
  });

  test.each(['scope', 'client_id', 'audience', 'anything'])('CC-06: has %s once, even if empty', async (name) => {
    const reply = await harness.ask({ ...harness.secretFields(), [name]: ['', ''] });
    expect([reply.status, reply.json.error_description]).toEqual([400, `The parameter ${name} is repeated.`]);
  });

  test('has the one grant type', async () => {
    const without = await harness.ask({ ...harness.secretFields(), grant_type: undefined });
    expect([without.status, without.json.error]).toEqual([400, 'invalid_request']);
    const another = await harness.ask({ ...harness.secretFields(), grant_type: 'password' });
    expect([another.status, another.json.error]).toEqual([400, 'unsupported_grant_type']);
  });
});
