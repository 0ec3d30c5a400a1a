/** The API caller among what is not ours: inside clients that take a `fetch`, in an undici dispatcher, and with the tokens of another library. */
import { type ApiCaller, bearerInterceptor, createApiCaller, type TokenProvider } from '@client-credentials/api-caller';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { createTokenSource, entra, secret } from '@client-credentials/token-source';
import { Agent } from 'undici';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { countUsers, generatedClient, machineCredential } from './fetching-clients.ts';

let mock: MockTokenEndpoint;
beforeAll(async () => {
  mock = await startMockTokenEndpoint();
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

function ourTokens(): TokenProvider {
  const source = createTokenSource({
    authority: entra({ tenant: mock.tenantId, authorityHost: mock.authorityHost }),
    clientId: mock.clientId,
    credential: secret(mock.clientSecret),
    ca: mock.ca,
  });
  onTestFinished(() => source.close());
  return source;
}

function callerWith(tokens: TokenProvider): ApiCaller {
  const caller = createApiCaller({ baseUrl: mock.apiBaseUrl, scope: mock.scope, tokens, ca: mock.ca });
  onTestFinished(() => caller.close());
  return caller;
}

/** What the API answered to whom it had seen a token of. */
const apiStatuses = () => mock.journal.filter(({ path }) => path.includes('/users')).map(({ status }) => status);

test('the client of Microsoft Graph reads all pages through it, and a throttled one again', async () => {
  mock.addRule({ match: { path: /users/ }, times: 1, answer: { status: 429, headers: { 'Retry-After': '0' } } });
  const users = await countUsers(mock.apiBaseUrl, callerWith(ourTokens()));
  expect([users, apiStatuses()]).toEqual([250, [429, 200, 200, 200]]);
});

test('a client generated from a description of an API sends its requests through it', async () => {
  const client = generatedClient(mock.apiBaseUrl, callerWith(ourTokens()));
  const { data, response } = await client.GET('/users', { params: { query: { $top: 3 } } });
  expect([data?.value.length, response.status, apiStatuses()]).toEqual([3, 200, [200]]);
});

test('a plain undici agent gets tokens from the interceptor, and a new one when the first is refused', async () => {
  const agent = new Agent({ connect: { ca: mock.ca } });
  onTestFinished(() => agent.destroy());
  const { origin, pathname } = new URL(mock.apiBaseUrl);
  const dispatcher = agent.compose(bearerInterceptor({ scope: mock.scope, tokens: ourTokens(), origins: [origin] }));
  mock.addRule({ match: { path: /users/ }, times: 1, answer: { status: 401 } });
  const { statusCode, body } = await dispatcher.request({ origin, path: `${pathname}users?$top=2`, method: 'GET' });
  expect([statusCode, ((await body.json()) as { value: unknown[] }).value.length, apiStatuses()]).toEqual([200, 2, [401, 200]]);
});

test('a credential of Azure Identity is where the tokens come from', async () => {
  for (const [name, value] of Object.entries(await mock.platformEnvironment('app-service'))) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { value } = await callerWith(machineCredential()).getJson<{ value: unknown[] }>('users?$top=4');
  expect([value.length, apiStatuses()]).toEqual([4, [200]]);
});
