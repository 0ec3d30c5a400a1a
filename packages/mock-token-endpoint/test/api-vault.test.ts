/** The vault: its challenge, its audience, secrets with versions, and a claims challenge on top. */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Fields, type Harness, NOW_SECONDS, startHarness } from './harness.ts';

const VAULT = 'https://vault.azure.net';

let harness: Harness;
let token: string;
beforeAll(async () => {
  harness = await startHarness({ seed: 'vault', resources: { [`${VAULT}//`]: {} } });
  token = await tokenFor(VAULT);
});
afterEach(() => harness.mock.reset());
afterAll(() => harness.close());

const tokenFor = async (resource: string, more: Fields = {}): Promise<string> =>
  (await harness.post({ ...harness.secretFields(), scope: `${resource}/.default`, ...more })).json.access_token;
const call = (
  path: string,
  { bearer = token, version = '7.4', method = 'GET', body }: { bearer?: string; version?: string; method?: string; body?: object } = {},
) =>
  harness.send(`${harness.mock.authorityHost}/secrets/${path}${version === '' ? '' : `?api-version=${version}`}`, {
    method,
    headers: { ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const put = async (name: string, value: unknown) => (await call(name, { method: 'PUT', body: { value } })).json;
const challenge = (error = '') =>
  `Bearer authorization="${harness.mock.authorityHost}/${harness.mock.tenantId}", resource="https://vault.azure.net"${error}`;

describe('KV-01: the challenge names authority and resource', () => {
  test('to a request without a token, whatever else is wrong with it', async () => {
    for (const [path, options] of [
      ['nothing', {}],
      ['nothing', { version: '' }],
      ['no/such/path', { method: 'DELETE' }],
    ] as const) {
      const { status, headers, json } = await call(path, { bearer: '', ...options });
      expect([status, headers['www-authenticate'], json.error.code]).toEqual([401, challenge(), 'Unauthorized']);
    }
  });

  test('to a token for another API, or for the resource with a slash, with what is wrong', async () => {
    for (const other of ['api://mock-graph', `${VAULT}/`]) {
      const bearer = await tokenFor(other);
      expect(decodeJwt(bearer).aud).toBe(other);
      const { status, headers } = await call('nothing', { bearer });
      const error = ', error="invalid_token", error_description="The audience of the access token is another API."';
      expect([status, headers['www-authenticate']]).toEqual([401, challenge(error)]);
    }
  });

  test('and its token opens the vault, but not the other API', async () => {
    expect((await call('nothing')).status).toBe(404);
    expect((await harness.callApi('organization', { token })).status).toBe(401);
  });
});

describe('a secret', () => {
  test('is what was put there last, and each version of it can be had', async () => {
    const first = await put('db-password', 'one');
    const second = await put('DB-Password', 'two');
    expect(first).toEqual({
      value: 'one',
      id: expect.stringMatching(new RegExp(`^${harness.mock.authorityHost}/secrets/db-password/[0-9a-f]{32}$`)),
      attributes: { enabled: true, created: NOW_SECONDS, updated: NOW_SECONDS, recoveryLevel: 'Recoverable+Purgeable' },
    });
    expect((await call('db-password')).json).toEqual(second);
    const versionOf = ({ id }: { id: string }) => id.split('/').at(-1);
    expect((await call(`db-password/${versionOf(first)}`)).json).toEqual(first);
    const { value, nextLink } = (await call('db-password/versions')).json;
    expect([value.map(versionOf), nextLink]).toEqual([[second, first].map(versionOf), null]);
    expect(JSON.stringify(value)).not.toMatch(/"value"/);
    expect((await call('db-password/abc')).status).toBe(404);
  });

  test('keeps its twenty newest versions', async () => {
    const first = await put('busy', '0');
    for (let count = 1; count <= 20; count += 1) await put('busy', `${count}`);
    expect((await call('busy/versions')).json.value).toHaveLength(20);
    expect((await call(`busy/${first.id.split('/').at(-1)}`)).status).toBe(404);
  });

  test('is of one tenant', async () => {
    await put('shared', 'mine');
    const url = `${harness.mock.authorityHost}/other.example/oauth2/v2.0/token`;
    const other = await harness.post({ ...harness.secretFields(), scope: `${VAULT}/.default` }, { url });
    expect((await call('shared', { bearer: other.json.access_token })).status).toBe(404);
    harness.mock.reset('other.example');
    expect((await call('shared')).status).toBe(200);
    harness.mock.reset(harness.mock.tenantId);
    expect((await call('shared')).status).toBe(404);
  });
});

test.each([
  ['KV-05: no api-version', 'a', { version: '' }, 400, 'BadParameter'],
  ['an api-version there is none of', 'a', { version: '1.0' }, 400, 'BadParameter'],
  ['another method', 'a', { method: 'DELETE' }, 405, 'MethodNotAllowed'],
  ['a version that is written', 'a/0123', { method: 'PUT', body: { value: 'x' } }, 405, 'MethodNotAllowed'],
  ['a name with other characters', 'a_b', {}, 404, 'SecretNotFound'],
  ['a value that is a number', 'a', { method: 'PUT', body: { value: 1 } }, 400, 'BadParameter'],
  ['a value that is too long', 'a', { method: 'PUT', body: { value: 'x'.repeat(25_601) } }, 400, 'BadParameter'],
])('%s is refused, without a challenge', async (_title, path, options, status, code) => {
  const reply = await call(path, options);
  expect([reply.status, reply.json.error.code, reply.headers['www-authenticate']]).toEqual([status, code, undefined]);
});

test.each(['7.0', '7.6-preview.1', '2025-07-01'])('api-version %s is one', async (version) => {
  expect((await call('nothing', { version })).json.error.code).toBe('SecretNotFound');
});

test('ENT-51: on request the vault wants a token that was asked for with certain claims, and takes that one', async () => {
  const claims = { access_token: { acrs: { essential: true, value: 'cp1' } } };
  harness.mock.addRule({ match: { path: /^\/secrets\// }, answer: { requireClaims: claims } });
  const refused = await call('nothing');
  expect(refused.status).toBe(401);
  expect(refused.headers['www-authenticate']).toContain(`claims="${Buffer.from(JSON.stringify(claims)).toString('base64')}"`);
  expect((await call('nothing', { bearer: '' })).headers['www-authenticate']).toBe(challenge());
  expect((await call('nothing', { bearer: await tokenFor(VAULT, { claims: JSON.stringify(claims) }) })).status).toBe(404);
});

test('rules and journal know the client and the tenant of a call to the vault', async () => {
  const { mock } = harness;
  mock.addRule({ match: { clientId: mock.clientId, tenant: mock.tenantId, path: '/secrets/a' }, times: 1, answer: { status: 503 } });
  expect([(await call('a')).status, (await call('a')).status]).toEqual([503, 404]);
  expect(mock.journal.at(-1)).toMatchObject({ clientId: mock.clientId, tenant: mock.tenantId, error: 'SecretNotFound' });
});
