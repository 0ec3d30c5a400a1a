/** The protected API: who gets in, and what a page looks like. */
import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GUID, type Harness, startHarness } from './harness.ts';

const TENANT = 'contoso.example';
const CLIENT = '11111111-2222-4333-8444-555555555555';

let harness: Harness;
let token: string;
beforeAll(async () => {
  harness = await startHarness({ tenants: { [TENANT]: { clients: { [CLIENT]: { secrets: ['s'] } } } } });
});
beforeAll(async () => {
  token = await harness.accessToken();
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

describe('users', () => {
  test('250 users come in three pages, each linked from the one before', async () => {
    const pages = [];
    let path: string | undefined = 'users';
    while (path !== undefined) {
      const { status, json } = await harness.callApi(path, { token });
      expect(status).toBe(200);
      pages.push(json);
      path = json['@odata.nextLink']?.slice(harness.mock.apiBaseUrl.length);
    }
    expect(pages.map(({ value }) => value.length)).toEqual([100, 100, 50]);
    expect(new Set(pages.flatMap(({ value }) => value.map(({ id }: { id: string }) => id))).size).toBe(250);
    expect(pages[0]['@odata.context']).toBe(`${harness.mock.apiBaseUrl}$metadata#users`);
    expect(pages[0]['@odata.nextLink']).toBe(`${harness.mock.apiBaseUrl}users?$skiptoken=YWZ0ZXI6MTAw`);
    expect(pages[0].value[0]).toEqual({
      id: expect.stringMatching(GUID),
      displayName: 'Ada Abadi',
      givenName: 'Ada',
      surname: 'Abadi',
      jobTitle: 'Analyst',
      mail: 'ada.abadi@contoso.example',
      userPrincipalName: 'ada.abadi@contoso.example',
    });
  });

  test('$top and $select shape the page and stand in its next link', async () => {
    const { json } = await harness.callApi('users?$top=2&$select=displayName,mail', { token });
    expect(json).toEqual({
      '@odata.context': `${harness.mock.apiBaseUrl}$metadata#users(displayName,mail)`,
      '@odata.nextLink': `${harness.mock.apiBaseUrl}users?$top=2&$select=displayName,mail&$skiptoken=YWZ0ZXI6Mg`,
      value: [
        { displayName: 'Ada Abadi', mail: 'ada.abadi@contoso.example' },
        { displayName: 'Boris Abadi', mail: 'boris.abadi@contoso.example' },
      ],
    });
  });

  test('the last page has no next link, even when it is full', async () => {
    expect((await harness.callApi('users?$top=250', { token })).json).not.toHaveProperty('@odata.nextLink');
    expect((await harness.callApi('users?$top=999', { token })).json.value).toHaveLength(250);
  });

  test('one user is found by id and by user principal name', async () => {
    const byName = await harness.callApi('users/ada.abadi@contoso.example', { token });
    const { '@odata.context': context, ...user } = byName.json;
    expect(context).toBe(`${harness.mock.apiBaseUrl}$metadata#users/$entity`);
    expect(user.displayName).toBe('Ada Abadi');
    const byId = await harness.callApi(`users/${user.id}?$select=mail`, { token });
    expect(byId.json).toEqual({ '@odata.context': `${harness.mock.apiBaseUrl}$metadata#users(mail)/$entity`, mail: user.mail });
    expect((await harness.callApi('users/ada.abadi%40contoso.example', { token })).json).toEqual(byName.json);
  });

  test.each([
    'users?$top=0',
    'users?$top=1000',
    'users?$top=2.5',
    'users?$skiptoken=100',
    'users?$select=password',
    "users?$filter=mail eq 'x'",
    'users/ada.abadi@contoso.example?$top=1',
  ])('%s is a bad request', async (path) => {
    const reply = await harness.callApi(path.replaceAll(' ', '%20'), { token });
    expect([reply.status, reply.json.error.code]).toEqual([400, 'Request_BadRequest']);
  });
});

test('the organization is the tenant of the token', async () => {
  const { json } = await harness.callApi('organization', { token });
  expect(json).toEqual({
    '@odata.context': `${harness.mock.apiBaseUrl}$metadata#organization`,
    value: [{ id: harness.mock.tenantId, displayName: 'Contoso' }],
  });
});

describe('tokens', () => {
  test('of the older Entra endpoint open the API too', async () => {
    const url = `${harness.mock.authorityHost}/${harness.mock.tenantId}/oauth2/token`;
    const { json } = await harness.post({ ...harness.secretFields(), scope: undefined, resource: 'api://mock-graph' }, { url });
    expect(decodeJwt(json.access_token)['ver']).toBe('1.0');
    expect((await harness.callApi('users?$top=1', { token: json.access_token })).status).toBe(200);
    expect((await harness.callApi('organization', { token: json.access_token })).json.value[0].id).toBe(harness.mock.tenantId);
  });

  test('are journaled with their claims, also when they are refused, and never with themselves', async () => {
    harness.mock.advanceClock(3_600_000);
    await harness.callApi('users', { token });
    const { tenantId, clientId, journal } = harness.mock;
    expect(journal.at(-1)).toMatchObject({ tenant: tenantId, clientId, status: 401, tokenClaims: decodeJwt(token) });
    expect(JSON.stringify(journal.at(-1))).not.toContain(token);
    await harness.callApi('users', { token: `${token.slice(0, -8)}AAAAAAAA` });
    expect(harness.mock.journal.at(-1)).not.toHaveProperty('tokenClaims');
  });
});

describe('refusals', () => {
  // One challenge for each scheme. RFC 6750 §3, RFC 9449 §7.1; Entra names its authority.
  const challenges = (error = '') => {
    const algs = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519';
    const bearer = `Bearer realm="", authorization_uri="${harness.mock.authorityHost}/common/oauth2/authorize"${error}`;
    return `${bearer}, DPoP algs="${algs}", mtls_pop realm=""`;
  };

  test('have the shape of Graph, with the ids of the request', async () => {
    const id = 'd3b07384-d9a0-4c9b-8f6e-0a1b2c3d4e5f';
    const reply = await harness.callApi('users/nobody', { token, headers: { 'client-request-id': id } });
    expect(reply.status).toBe(404);
    expect(reply.json).toEqual({
      error: {
        code: 'Request_ResourceNotFound',
        message: "Resource 'nobody' does not exist.",
        innerError: { date: '2031-05-06T07:08:09', 'request-id': reply.headers['request-id'], 'client-request-id': id },
      },
    });
    expect(reply.headers['request-id']).toMatch(GUID);
    expect(reply.headers['client-request-id']).toBe(id);
  });

  test('BR-07: without a token the challenge has no error', async () => {
    const reply = await harness.callApi('users');
    expect([reply.status, reply.json.error.code, reply.headers['www-authenticate']]).toEqual([
      401,
      'InvalidAuthenticationToken',
      challenges(),
    ]);
  });

  test.each(['Basic YTpi', 'Bearer', 'Bearer  ', 'Bearer a b', 'PoP x'])('%s carries no token', async (authorization) => {
    const reply = await harness.callApi('users', { headers: { authorization } });
    expect([reply.status, reply.headers['www-authenticate']]).toEqual([401, challenges()]);
  });

  const reissued = async (changes: object, key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey) =>
    new SignJWT({ ...decodeJwt(token), ...changes }).setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'RS256' }).sign(key);
  const overridden = async (claims: object) => {
    harness.mock.enqueue({ token: claims });
    return harness.accessToken();
  };
  const forResource = async (scope: string) => (await harness.post({ ...harness.secretFields(), scope })).json.access_token;

  const unauthorized: { title: string; token: () => Promise<string>; description: string }[] = [
    {
      title: 'a token that is no JWT',
      token: async () => 'opaque',
      description: 'The access token is malformed or its signature is invalid.',
    },
    { title: 'a foreign signature', token: () => reissued({}), description: 'The access token is malformed or its signature is invalid.' },
    {
      title: 'no signature',
      token: async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`,
      description: 'The access token is malformed or its signature is invalid.',
    },
    {
      title: 'a tid that is not the issuer',
      token: () => overridden({ tid: 'deadbeef-0000-4000-8000-000000000000' }),
      description: 'The issuer of the access token is not the tenant it names.',
    },
    {
      title: 'a token for another API',
      token: () => forResource('https://graph.microsoft.com/.default'),
      description: 'The audience of the access token is another API.',
    },
  ];
  test.each(unauthorized)('$title is 401 invalid_token', async ({ token: bad, description }) => {
    const reply = await harness.callApi('users', { token: await bad() });
    expect([reply.status, reply.json.error, reply.headers['www-authenticate']]).toEqual([
      401,
      { code: 'InvalidAuthenticationToken', message: description, innerError: expect.any(Object) },
      challenges(`, error="invalid_token", error_description="${description}"`),
    ]);
  });

  test('a token is good until the second it expires in, by the clock of the mock', async () => {
    harness.mock.advanceClock(3_599_999);
    expect((await harness.callApi('users', { token })).status).toBe(200);
    harness.mock.advanceClock(1);
    const reply = await harness.callApi('users', { token });
    expect([reply.status, reply.json.error.message]).toEqual([401, 'The access token has expired.']);
  });

  test('a token of the future is not valid yet', async () => {
    harness.mock.advanceClock(1_000);
    const early = await harness.accessToken();
    harness.mock.reset();
    const reply = await harness.callApi('users', { token: early });
    expect([reply.status, reply.json.error.message]).toEqual([401, 'The access token is not valid yet.']);
  });

  test('a client without the role is 403, and may still ask for the organization', async () => {
    const fields = { ...harness.secretFields(), client_id: CLIENT, client_secret: 's' };
    const { json } = await harness.post(fields, { url: `${harness.mock.authorityHost}/${TENANT}/oauth2/v2.0/token` });
    const reply = await harness.callApi('users', { token: json.access_token });
    expect([reply.status, reply.json.error.code]).toEqual([403, 'Authorization_RequestDenied']);
    expect((await harness.callApi('organization', { token: json.access_token })).status).toBe(200);
  });

  test('an unknown path is 404 with a token and 401 without', async () => {
    const reply = await harness.callApi('groups/1', { token });
    expect([reply.status, reply.json.error.code, reply.json.error.message]).toEqual([
      404,
      'BadRequest',
      "Resource not found for the segment 'groups'.",
    ]);
    expect((await harness.callApi('groups/1')).status).toBe(401);
  });

  test('another method is 405', async () => {
    expect((await harness.callApi('users', { token, method: 'DELETE' })).status).toBe(405);
  });
});
