/** What the platforms hand out, presented at the token endpoint in place of a client assertion. Entra: workload identity federation. */
import { readFileSync } from 'node:fs';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { USER_ASSIGNED_IDENTITY } from '../src/platform/managed-identity.ts';
import { type Harness, startHarness } from './harness.ts';

const EXCHANGE = 'api://AzureADTokenExchange';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ seed: 'federation' });
});
afterAll(() => harness.close());

/** What the own client gets for this token: roles, or codes. */
async function present(token: string) {
  const { status, json } = await harness.post(harness.assertionFields(token));
  return status === 200 ? { status, roles: decodeJwt(json.access_token)['roles'] } : { status, codes: json.error_codes };
}

async function managedIdentityToken(query: Record<string, string>): Promise<string> {
  const all = new URLSearchParams({ 'api-version': '2018-02-01', resource: EXCHANGE, ...query });
  const { json } = await harness.send(`${harness.mock.platformUrl}/metadata/identity/oauth2/token?${all}`, {
    headers: { metadata: 'true' },
  });
  return json.access_token;
}

const GRANTED = { status: 200, roles: ['User.Read.All'] };

test('WIF-01: the token of a workflow at GitHub stands for the client', async () => {
  const environment = await harness.mock.platformEnvironment('github-actions');
  const { json } = await harness.send(`${environment['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=${encodeURIComponent(EXCHANGE)}`, {
    headers: { authorization: `bearer ${environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` },
  });
  expect(await present(json.value)).toEqual(GRANTED);
});

test('WIF-06: the token in the file of a pod stands for the client', async () => {
  const { AZURE_FEDERATED_TOKEN_FILE = '' } = await harness.mock.platformEnvironment('kubernetes');
  expect(await present(readFileSync(AZURE_FEDERATED_TOKEN_FILE, 'utf8'))).toEqual(GRANTED);
});

test('WIF-09: the token of the user-assigned managed identity stands for the client, of the issuer and the subject that it is known by', async () => {
  const token = await managedIdentityToken({ msi_res_id: USER_ASSIGNED_IDENTITY });
  const { authorityHost, tenantId } = harness.mock;
  const claims = decodeJwt(token);
  expect(claims).toMatchObject({ iss: `${authorityHost}/${tenantId}/v2.0`, aud: EXCHANGE, sub: claims['oid'], idtyp: 'app' });
  expect(await present(token)).toEqual(GRANTED);
});

test('WIF-09: the token of the system-assigned one does not, nor one for another resource', async () => {
  expect(await present(await managedIdentityToken({}))).toEqual({ status: 401, codes: [700213] });
  const elsewhere = await managedIdentityToken({ msi_res_id: USER_ASSIGNED_IDENTITY, resource: 'api://mock-graph' });
  expect(await present(elsewhere)).toEqual({ status: 401, codes: [700212] });
});

test.each([
  ['of another subject', { subject: 'repo:octo-org/octo-repo:ref:refs/heads/MAIN' }, 700213],
  ['for another audience', { audience: 'https://github.com/octo-org' }, 700212],
  ['that has expired', { lifetimeSeconds: -3600 }, 700024],
])('WIF-02: nor does a token %s', async (_, request, code) => {
  expect(await present(await harness.mock.createFederatedToken(request))).toEqual({ status: 401, codes: [code] });
});
