/** Another issuer's tokens in place of an assertion: what a federated credential must say about them, and who must have signed them. */
import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixtureKeys } from '../src/pki/fixture-keys.ts';
import { USER_ASSIGNED_IDENTITY } from '../src/platform/managed-identity.ts';
import { type Fields, type Harness, NOW_SECONDS, startHarness } from './harness.ts';
import { expectRefusal, INVALID_CLIENT, INVALID_REQUEST, type Refusal } from './refusal.ts';

const TENANT = '0f1e2d3c-4b5a-4697-8899-aabbccddeeff';
const CLIENT = '11111111-2222-4333-8444-555555555555';
const OTHER_TENANT = 'fabrikam.example';
const ELSEWHERE = 'https://issuer.example';
const AUDIENCE = 'api://AzureADTokenExchange';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({
    seed: 'federation',
    tenants: {
      [TENANT]: {
        clients: {
          [CLIENT]: { federatedCredentials: [{ issuer: ELSEWHERE, subject: 'job', audience: AUDIENCE }] },
        },
      },
      [OTHER_TENANT]: { clients: { [CLIENT]: {} } },
    },
  });
});
afterAll(() => harness.close());

const present = (token: string, fields: Fields = {}) => harness.post({ ...harness.assertionFields(token), ...fields });
const presentInTenant = (token: string) =>
  harness.post(
    { ...harness.assertionFields(token), client_id: CLIENT },
    { url: `${harness.mock.authorityHost}/${TENANT}/oauth2/v2.0/token` },
  );
/** A good token, changed and signed again: with the keys that are public for being a seed's, or with those of nobody. */
const changed = async (claims: object, { key = fixtureKeys('external issuer'), alg = 'RS256' } = {}) =>
  new SignJWT({ ...decodeJwt(await harness.mock.createFederatedToken()), ...claims })
    .setProtectedHeader({ alg })
    .sign((await key).privateKey);
/** The token that IMDS gives the user-assigned identity for this exchange. */
const managedIdentityToken = async () => {
  const query = new URLSearchParams({ 'api-version': '2018-02-01', resource: AUDIENCE, msi_res_id: USER_ASSIGNED_IDENTITY });
  const url = `${harness.mock.platformUrl}/metadata/identity/oauth2/token?${query}`;
  return (await harness.send(url, { headers: { metadata: 'true' } })).json.access_token;
};

describe('taken', () => {
  test('WIF-01: a token of the external issuer gets the client a token, which says no secret was used', async () => {
    const reply = await present(await harness.mock.createFederatedToken());
    expect(reply.status).toBe(200);
    expect(decodeJwt(reply.json.access_token)).toMatchObject({ appid: harness.mock.clientId, azpacr: '2' });
    const { assertion, checks } = harness.mock.journal.at(-1) ?? {};
    expect(assertion?.claims).toMatchObject({ sub: 'repo:octo-org/octo-repo:ref:refs/heads/main' });
    expect(checks?.map(({ name }) => name)).toContain('the audience is that of a federated credential');
  });

  test('WIF-06: it may be used again, since it was read from a file', async () => {
    const token = await harness.mock.createFederatedToken({ subject: 'system:serviceaccount:default:daemon' });
    expect([(await present(token)).status, (await present(token)).status]).toEqual([200, 200]);
  });

  test('WIF-09: a token of the managed identity is one too', async () => {
    expect((await present(await managedIdentityToken())).status).toBe(200);
  });

  test.each<{ title: string; claims: object; alg?: string }>([
    { title: 'one that lives for a day', claims: { exp: NOW_SECONDS + 86_400 } },
    { title: 'one with its audience in a list, as Kubernetes writes it', claims: { aud: [AUDIENCE] } },
    { title: 'RS512', claims: {}, alg: 'RS512' },
  ])('$title', async ({ claims, alg }) => {
    expect((await present(await changed(claims, alg === undefined ? {} : { alg }))).status).toBe(200);
  });
});

const foreign = async () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const ours = () => fixtureKeys('access tokens');
const tenantIssuer = () => `${harness.mock.authorityHost}/${harness.mock.tenantId}/v2.0`;

const refusals: Refusal[] = [
  {
    title: 'WIF-02: an issuer of none of the credentials',
    send: async () => present(await changed({ iss: ELSEWHERE })),
    ...INVALID_CLIENT,
    code: 700211,
  },
  {
    title: 'WIF-02: an issuer with a slash too many',
    send: async () => present(await changed({ iss: `${decodeJwt(await harness.mock.createFederatedToken()).iss}/` })),
    ...INVALID_CLIENT,
    code: 700211,
  },
  {
    title: 'WIF-02: a subject in another case',
    send: async () => present(await harness.mock.createFederatedToken({ subject: 'repo:Octo-Org/octo-repo:ref:refs/heads/main' })),
    ...INVALID_CLIENT,
    code: 700213,
  },
  {
    title: 'WIF-03: the audience of another cloud',
    send: async () => present(await harness.mock.createFederatedToken({ audience: 'api://AzureADTokenExchangeChina' })),
    ...INVALID_CLIENT,
    code: 700212,
  },
  {
    title: 'WIF-02: two audiences',
    send: async () => present(await changed({ aud: [AUDIENCE, 'sts'] })),
    ...INVALID_CLIENT,
    code: 5002741,
  },
  {
    title: "a tenant's issuer with the subject of a workflow",
    send: async () => present(await changed({ iss: tenantIssuer() }, { key: ours() })),
    ...INVALID_CLIENT,
    code: 700213,
  },
  { title: 'a foreign signature', send: async () => present(await changed({}, { key: foreign() })), ...INVALID_CLIENT, code: 700027 },
  {
    title: "the external issuer's name over the key of the tenants",
    send: async () => present(await changed({}, { key: ours() })),
    ...INVALID_CLIENT,
    code: 700027,
  },
  {
    title: 'an issuer whose keys nobody has, though a credential names it',
    send: async () => presentInTenant(await changed({ iss: ELSEWHERE, sub: 'job' })),
    ...INVALID_CLIENT,
    code: 700027,
  },
  { title: 'WIF-04: PS256', send: async () => present(await changed({}, { alg: 'PS256' })), ...INVALID_CLIENT, code: 5002738 },
  { title: 'no expiry', send: async () => present(await changed({ exp: undefined })), ...INVALID_REQUEST, code: 90014 },
  {
    title: 'an expired token',
    send: async () => present(await harness.mock.createFederatedToken({ lifetimeSeconds: -300 })),
    ...INVALID_CLIENT,
    code: 700024,
  },
  {
    title: 'WIF-10: a token of this server that is not app-only',
    send: async () => {
      const { idtyp, ...claims } = decodeJwt(await managedIdentityToken());
      return present(await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign((await ours()).privateKey));
    },
    ...INVALID_CLIENT,
    code: 700229,
  },
  {
    title: 'no client id',
    send: async () => present(await harness.mock.createFederatedToken(), { client_id: undefined }),
    ...INVALID_REQUEST,
    code: 900144,
  },
];
test.each(refusals)('$title is AADSTS$code', expectRefusal);

test('WIF-05: a client without any federated credential is AADSTS70021, which names what was presented', async () => {
  const url = `${harness.mock.authorityHost}/${OTHER_TENANT}/oauth2/v2.0/token`;
  const reply = await harness.post({ ...harness.assertionFields(await harness.mock.createFederatedToken()), client_id: CLIENT }, { url });
  expect([reply.status, reply.json.error, reply.json.error_codes]).toEqual([400, 'invalid_request', [70021]]);
  expect(reply.json.error_description).toContain(`Assertion Audience: '${AUDIENCE}'`);
});
