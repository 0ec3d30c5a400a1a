/** The issuer outside the mock's tenants, and the platforms whose tokens it signs: GitHub Actions and Kubernetes. */
import { readFileSync, statSync } from 'node:fs';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, NOW_MS, NOW_SECONDS, startHarness } from './harness.ts';

const EXCHANGE = 'api://AzureADTokenExchange';

let harness: Harness;
let issuer: string;
beforeAll(async () => {
  harness = await startHarness({ seed: 'external' });
  issuer = `${harness.mock.platformUrl}/external`;
});
afterAll(() => harness.close());

/** The way of any relying party: from the issuer's document to its keys. */
async function verify(token: string, audience = EXCHANGE) {
  const { json } = await harness.send(`${issuer}/.well-known/openid-configuration`);
  expect(json.issuer).toBe(issuer);
  return jwtVerify(token, createRemoteJWKSet(new URL(json.jwks_uri)), {
    issuer: json.issuer,
    audience,
    algorithms: json.id_token_signing_alg_values_supported,
    currentDate: new Date(NOW_MS),
  });
}

describe('the external issuer', () => {
  test('WIF-04: signs with RS256, and says in its document where its keys are', async () => {
    const { protectedHeader, payload } = await verify(await harness.mock.createFederatedToken());
    expect(protectedHeader).toEqual({ typ: 'JWT', alg: 'RS256', kid: expect.any(String) });
    expect(payload).toEqual({
      iss: issuer,
      sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
      aud: EXCHANGE,
      iat: NOW_SECONDS,
      nbf: NOW_SECONDS,
      exp: NOW_SECONDS + 600,
      jti: expect.any(String),
    });
  });

  test('signs for whom and for what it is told, also what has expired', async () => {
    const token = await harness.mock.createFederatedToken({ subject: 'someone', audience: 'elsewhere', lifetimeSeconds: -60 });
    expect(decodeJwt(token)).toMatchObject({ sub: 'someone', aud: 'elsewhere', exp: NOW_SECONDS - 60, nbf: NOW_SECONDS - 660 });
    await expect(verify(token, 'elsewhere')).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
  });

  test('is no tenant of the mock: its keys are others, and its documents take no POST', async () => {
    const own = await harness.send(`${harness.mock.authorityHost}/common/discovery/v2.0/keys`);
    const external = await harness.send(`${issuer}/jwks`);
    expect(external.json.keys).toHaveLength(1);
    expect(external.json.keys[0].kid).not.toBe(own.json.keys[0].kid);
    expect(external.json.keys[0]).not.toHaveProperty('d');
    const posted = await harness.send(`${issuer}/jwks`, { method: 'POST' });
    expect([posted.status, posted.headers['allow']]).toEqual([405, 'GET']);
  });

  test.each([
    [{ lifetimeSeconds: 1.5 }, 'lifetimeSeconds is 1.5: give a whole number'],
    [{ subject: 7 as unknown as string }, 'subject is 7: give a string'],
  ])('refuses %j', async (request, message) => {
    await expect(harness.mock.createFederatedToken(request)).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining(message),
    });
  });
});

describe('GitHub Actions', () => {
  const ask = async (audience?: string, change: (url: string) => string = (url) => url, token?: string) => {
    const environment = await harness.mock.platformEnvironment('github-actions');
    const url = new URL(change(environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? ''));
    if (audience !== undefined) url.searchParams.set('audience', audience);
    const authorization = `bearer ${token ?? environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}`;
    return harness.send(url.href, { headers: { authorization } });
  };

  test('WIF-07: gives a workflow a token of five minutes for the audience it asks for, at a URL that has a query already', async () => {
    const { status, json } = await ask(EXCHANGE);
    expect(status).toBe(200);
    expect(Object.keys(json)).toEqual(['count', 'value']);
    const { payload } = await verify(json.value);
    expect(payload).toMatchObject({
      sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
      repository: 'octo-org/octo-repo',
      exp: NOW_SECONDS + 300,
    });
  });

  test('has the owner of the repository as its usual audience', async () => {
    expect(decodeJwt((await ask()).json.value).aud).toBe('https://github.com/octo-org');
  });

  test('refuses another method and another token, and a request that has lost the query of the URL', async () => {
    expect((await ask(EXCHANGE, (url) => url, 'guess')).status).toBe(401);
    const posted = await harness.send(`${harness.mock.platformUrl}/github-actions/token`, { method: 'POST' });
    expect([posted.status, posted.headers['allow']]).toEqual([405, 'GET']);
    const lost = await ask(EXCHANGE, (url) => url.split('?')[0] ?? '');
    expect([lost.status, lost.json.message]).toEqual([400, expect.stringContaining('api-version')]);
    expect(harness.mock.journal.at(-1)?.checks.at(-1)?.name).toBe('the query of ACTIONS_ID_TOKEN_REQUEST_URL is still there');
  });
});

describe('Kubernetes', () => {
  test('WIF-06: has the token of a service account in a file, a new one when asked again', async () => {
    const environment = await harness.mock.platformEnvironment('kubernetes');
    const { authorityHost, tenantId, clientId } = harness.mock;
    const file = environment['AZURE_FEDERATED_TOKEN_FILE'] ?? '';
    expect(environment).toEqual({
      AZURE_AUTHORITY_HOST: `${authorityHost}/`,
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_FEDERATED_TOKEN_FILE: file,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const token = readFileSync(file, 'utf8');
    expect((await verify(token)).payload).toMatchObject({ sub: 'system:serviceaccount:default:daemon', exp: NOW_SECONDS + 3600 });
    expect((await harness.mock.platformEnvironment('kubernetes'))['AZURE_FEDERATED_TOKEN_FILE']).toBe(file);
    expect(readFileSync(file, 'utf8')).not.toBe(token);
  });

  test('is one of five platforms there are', async () => {
    await expect(harness.mock.platformEnvironment('heroku' as 'imds')).rejects.toMatchObject({
      name: 'MockError',
      code: 'invalid_option',
      message: 'The platform is "heroku": give imds, app-service, azure-arc, github-actions or kubernetes',
    });
  });
});
