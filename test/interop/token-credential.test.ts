/** `asTokenCredential(source)` in clients that are not ours. That each of them takes it is for the compiler to say; some are run, with tokens of the Entra face. */
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { asTokenCredential, createTokenSource, entra, secret, type TokenCredential } from '@client-credentials/token-source';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Api, graphToken, makeOthers, readDatabaseAccount, readSecret } from './azure-clients.ts';

const VAULT = 'https://vault.azure.net';
const COSMOS = 'https://reports.documents.azure.com';

let mock: MockTokenEndpoint;
beforeAll(async () => {
  mock = await startMockTokenEndpoint({ resources: { [VAULT]: {}, [COSMOS]: {} } });
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

test('the client of Key Vault answers the vault’s challenge with a token for it', async () => {
  const shown: string[] = [];
  const api: Api = ({ url, authorization }) => {
    if (authorization === undefined) return refusal(vaultChallenge());
    shown.push(authorization);
    return { status: 200, body: { value: 'opened', id: url } };
  };
  expect(await readSecret('door', { credential: credential(), api })).toBe('opened');
  expect(shown.map(audienceOf)).toEqual([VAULT]);
});

test('and a later claims challenge with a new token, got with the claims', async () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
  const shown: string[] = [];
  const api: Api = ({ url, authorization }, index) => {
    if (authorization === undefined) return refusal(vaultChallenge());
    shown.push(authorization);
    if (index > 1) return { status: 200, body: { value: 'opened', id: url } };
    return refusal(`${vaultChallenge()}, error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`);
  };
  expect(await readSecret('door', { credential: credential(), api })).toBe('opened');
  expect(new Set(shown).size).toBe(2);
  const [, request] = mock.journal.filter(({ method }) => method === 'POST');
  expect(JSON.parse(request?.form?.['claims'] ?? '')).toMatchObject({ access_token: { nbf: { value: '1' }, xms_cc: { values: ['cp1'] } } });
});

test('the client of Cosmos DB sends a token for its account', async () => {
  const shown: string[] = [];
  const api: Api = ({ authorization = '' }) => {
    shown.push(decodeURIComponent(authorization));
    return { status: 200, body: { writableLocations: [], readableLocations: [], userConsistencyPolicy: {} } };
  };
  await readDatabaseAccount(`${COSMOS}:443/`, { credential: credential(), api });
  expect([...new Set(shown.map(audienceOf))]).toEqual([COSMOS]);
});

test('the client of Microsoft Graph gets a token', async () => {
  const token = await graphToken(mock.scope, { credential: credential() });
  expect(decodeJwt(token)).toMatchObject({ azp: mock.clientId, tid: mock.tenantId });
});

test('the clients of Blob Storage, Service Bus and SQL Server take it', async () => {
  await makeOthers(credential());
});

function refusal(challenge: string): { status: number; headers: Readonly<Record<string, string>> } {
  return { status: 401, headers: { 'www-authenticate': challenge } };
}

function vaultChallenge(): string {
  return `Bearer authorization="${mock.authorityHost}/${mock.tenantId}", resource="${VAULT}"`;
}

/** For whom the token of an `authorization` header is: after `Bearer`, or Cosmos DB's `type=aad&ver=1.0&sig=`. */
function audienceOf(authorization: string): unknown {
  return decodeJwt(authorization.replace(/^Bearer |^.*&sig=/, '')).aud;
}

function credential(): TokenCredential {
  const source = createTokenSource({
    authority: entra({ tenant: mock.tenantId, authorityHost: mock.authorityHost }),
    clientId: mock.clientId,
    credential: secret(mock.clientSecret),
    ca: mock.ca,
  });
  onTestFinished(() => source.close());
  return asTokenCredential(source);
}
