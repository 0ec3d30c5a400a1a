/** Federated credentials from end to end: what proves the application is asked for where the platform has it, and Entra's part takes it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  type Credential,
  createManagedIdentitySource,
  createTokenSource,
  entra,
  federatedToken,
  fromEnvironment,
  githubActions,
  managedIdentity,
  type TokenSourceOptions,
  workloadIdentity,
} from '../../src/index.ts';
import { sendJson, sendToken, startLoopback } from '../loopback.ts';
import { sourceFor } from '../source.ts';

const USER_ASSIGNED_IDENTITY =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mock/providers/Microsoft.ManagedIdentity/userAssignedIdentities/daemon';

let mock: MockTokenEndpoint;
beforeAll(async () => {
  mock = await startMockTokenEndpoint();
});
afterEach(() => mock.reset());
afterAll(() => mock.close());

function sourceOf(credential: Credential, options: Partial<TokenSourceOptions> = {}) {
  const source = createTokenSource({
    authority: entra({ tenant: mock.tenantId, authorityHost: mock.authorityHost }),
    clientId: mock.clientId,
    credential,
    ca: mock.ca,
    sleep: async () => {},
    ...options,
  });
  onTestFinished(() => source.close());
  return source;
}

const tokenRequests = () => mock.journal.filter(({ form }) => form !== undefined);
const assertions = () => tokenRequests().map(({ form }) => form?.['client_assertion'] ?? '');
/** What the platform was asked, without the requests to Entra. */
const platformRequests = () => mock.journal.filter(({ form }) => form === undefined);

/** Of the user-assigned identity: Entra takes the token of no other kind. */
async function clientIdOfIdentity(environment: Readonly<Record<string, string>>): Promise<string> {
  const source = createManagedIdentitySource({ environment, resourceId: USER_ASSIGNED_IDENTITY });
  onTestFinished(() => source.close());
  const { appid, azp } = decodeJwt((await source.getToken(mock.scope)).value);
  return String(appid ?? azp);
}

test('WIF-01: the token of a function goes out byte for byte, and the function is told whom it is for', async () => {
  const told: unknown[] = [];
  const token = await mock.createFederatedToken();
  await sourceOf(
    federatedToken(({ tenant, audience }) => {
      told.push({ tenant, audience });
      return token;
    }),
  ).getToken(mock.scope);
  expect([assertions(), told]).toEqual([[token], [{ tenant: mock.tenantId, audience: 'api://AzureADTokenExchange' }]]);
});

test('WIF-02, WIF-06: on Kubernetes the file is read for every request, without the white space around its text', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'client-credentials-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const tokenFile = join(folder, 'token');
  const tokens = [await mock.createFederatedToken(), await mock.createFederatedToken()];
  const source = sourceOf(workloadIdentity({ environment: { AZURE_FEDERATED_TOKEN_FILE: tokenFile } }));
  for (const token of tokens) {
    await writeFile(tokenFile, `\n${token}\n`);
    await source.getToken(mock.scope, { forceRefresh: true });
  }
  expect(assertions()).toEqual(tokens);
});

test('WIF-06: the variables that the cluster injects are all that is needed', async () => {
  const environment = await mock.platformEnvironment('kubernetes');
  const options = fromEnvironment({ environment, trustedAuthorityHosts: [mock.authorityHost] });
  const source = createTokenSource({ ...options, ca: mock.ca });
  onTestFinished(() => source.close());
  expect(decodeJwt((await source.getToken(mock.scope)).value)).toMatchObject({ tid: mock.tenantId });
});

test('WIF-07: in GitHub Actions the workflow’s token is asked for anew with each request, for Entra’s audience', async () => {
  const source = sourceOf(githubActions({ environment: await mock.platformEnvironment('github-actions'), allowHttpLoopback: true }));
  await source.getToken(mock.scope);
  await source.getToken(mock.scope, { forceRefresh: true });
  expect(platformRequests().map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual(
    Array(2).fill('GET /github-actions/token'),
  );
  expect(new Set(assertions()).size).toBe(2);
  expect(decodeJwt(assertions()[0] ?? '')).toMatchObject({
    aud: 'api://AzureADTokenExchange',
    sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
  });
});

describe('WIF-09: a managed identity proves the application', () => {
  test.for(['imds', 'app-service'] as const)('on %s, asked for once for many tokens', async (platform) => {
    const environment = await mock.platformEnvironment(platform);
    const source = sourceOf(managedIdentity({ environment, clientId: await clientIdOfIdentity(environment) }));
    mock.reset();
    await source.getToken(mock.scope);
    await source.getToken(mock.scope, { forceRefresh: true });
    expect(platformRequests()).toHaveLength(1);
    expect(decodeJwt(assertions()[0] ?? '')).toMatchObject({ aud: 'api://AzureADTokenExchange' });
  });

  test('and is asked once by each attempt of the source, so that repetitions do not multiply', async () => {
    mock.addRule({ match: { path: /identity/ }, answer: { status: 503, body: '{}' } });
    const source = sourceOf(managedIdentity({ environment: await mock.platformEnvironment('imds') }));
    await expect(source.getToken(mock.scope)).rejects.toMatchObject({ code: 'credential_unavailable', transient: true, attempts: 3 });
    expect([platformRequests().length, tokenRequests().length]).toEqual([3, 0]);
  });

  test('and what ends the call ends the search for the platform, with its own reason', async () => {
    const credential = managedIdentity({ environment: {} });
    const loopback = await startLoopback(sendToken);
    // The search goes to the fixed address of a virtual machine; here nobody gets to it.
    const hanging = ((_url: string, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))) as typeof fetch;
    const { source } = sourceFor(loopback, { credential, fetch: hanging, deadlineMs: 100, sleep: async () => {} });
    await expect(source.getToken('a')).rejects.toMatchObject({ code: 'credential_unavailable' });
    await expect(source.getToken('b', { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('options that do not exist are refused', () => {
  test.for<[string, () => unknown]>([
    ['workloadIdentity', () => workloadIdentity({ file: '/token' } as never)],
    ['workloadIdentity', () => workloadIdentity({ tokenFile: 7 } as never)],
    ['githubActions', () => githubActions({ aud: 'x' } as never)],
    ['githubActions', () => githubActions({ audience: null } as never)],
    ['managedIdentity', () => managedIdentity({ client: 'x' } as never)],
    ['federatedToken', () => federatedToken('token' as never)],
  ])('by %s', ([name, make]) => {
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_configuration', message: expect.stringContaining(name) }));
  });
});

describe('GitHub’s token service', () => {
  const withService = async (answer: Parameters<typeof startLoopback>[0], options = {}) => {
    const loopback = await startLoopback(answer);
    const environment = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${loopback.origin}/t?x=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'marker-of-the-runner',
    };
    const { source } = sourceFor(loopback, {
      credential: githubActions({ environment, allowHttpLoopback: true, ...options }),
      maxAttempts: 1,
    });
    return {
      loopback,
      failure: await source.getToken('a').then(
        () => undefined,
        (error: Error) => error,
      ),
    };
  };

  test('that redirects gets its token nowhere else', async () => {
    const other = await startLoopback(sendToken);
    const { failure } = await withService((response) => response.writeHead(302, { location: `${other.origin}/` }).end());
    expect([failure, other.received]).toMatchObject([{ code: 'redirected' }, []]);
  });

  test.for<[string, unknown, number]>([
    ['refuses', { message: 'no' }, 403],
    ['answers without a token', {}, 200],
    ['answers with a token that is none', { value: 7 }, 200],
  ])('that %s is an error that shows no secret', async ([, body, status]) => {
    const { failure } = await withService((response) => sendJson(response, body, status));
    expect(failure).toMatchObject({ code: 'credential_unavailable' });
    expect(`${failure?.message} ${failure?.stack} ${JSON.stringify(failure)}`).not.toContain('marker');
  });
});
