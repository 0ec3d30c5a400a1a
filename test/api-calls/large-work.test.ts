/** What takes long: a large file over a connection that breaks, a batch of many, an operation that takes its time. */
import { createApiCaller } from '@client-credentials/api-caller';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { createTokenSource, entra, secret } from '@client-credentials/token-source';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { bundleProgram, startProgram } from '../support/program.ts';

const MIB = 2 ** 20;
const SIZE = (process.env['ENDURANCE'] === 'long' ? 200 : 20) * MIB + 12_345;

let mock: MockTokenEndpoint;
beforeEach(async () => {
  mock = await startMockTokenEndpoint();
  return () => mock.close();
});

test(`a file of ${SIZE.toLocaleString('en')} bytes arrives whole over connections that break, a piece at a time, and without a token`, {
  timeout: 300_000,
}, async () => {
  const program = await bundleProgram("import './test/api-calls/uploader.ts';");
  // Three in a row are more than the attempts of one piece.
  mock.addRule({ match: { method: 'PUT', path: /^\/up\// }, skip: 1, times: 4, answer: { fault: 'reset-before-headers' } });
  const env = {
    AUTHORITY: mock.authorityHost,
    TENANT: mock.tenantId,
    CLIENT: mock.clientId,
    SECRET: mock.clientSecret,
    CA: mock.caFile,
    API: mock.apiBaseUrl,
    SCOPE: mock.scope,
    SIZE: String(SIZE),
  };
  const { code, stdout, stderr } = await startProgram(program, { env, nodeArgs: ['--expose-gc'] }).outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { progress, heldBytes, ...file } = JSON.parse(stdout) as { progress: number[]; heldBytes: number };
  expect(file).toEqual({ size: SIZE, isWhole: true });
  expect(progress).toEqual([...Array.from({ length: Math.floor(SIZE / (5 * MIB)) }, (_, index) => (index + 1) * 5 * MIB), SIZE]);
  const uploads = mock.journal.filter(({ path }) => path.startsWith('/up/'));
  const pieces = uploads.filter(({ method }) => method === 'PUT');
  console.log(`${pieces.length} pieces sent, ${uploads.length - pieces.length} questions, at most ${Math.round(heldBytes / MIB)} MiB held`);
  expect(uploads.filter(({ headers }) => headers['authorization'] !== undefined)).toEqual([]);
  // Whether a piece whose answer was lost had come is for the session to say.
  expect(uploads.length - pieces.length).toBeGreaterThan(0);
  expect(pieces.length).toBeLessThanOrEqual(progress.length + 4);
  // The program, and a few pieces.
  expect(heldBytes).toBeLessThan(60 * MIB);
});

function callerOf(): ReturnType<typeof createApiCaller> {
  const tokens = createTokenSource({
    authority: entra({ tenant: mock.tenantId, authorityHost: mock.authorityHost }),
    clientId: mock.clientId,
    credential: secret(mock.clientSecret),
    ca: mock.ca,
  });
  const api = createApiCaller({ baseUrl: mock.apiBaseUrl, scope: mock.scope, tokens, ca: mock.ca, sleep: async () => {} });
  onTestFinished(async () => {
    await api.close();
    await tokens.close();
  });
  return api;
}

test('a batch of 137 with dependencies comes back in its order, though every seventh item is throttled', async () => {
  mock.addRule({ match: { path: /users\/|users\?|items\?/ }, skip: 6, every: 7, answer: { status: 429, headers: { 'Retry-After': '1' } } });
  const requests = Array.from({ length: 137 }, (_, index) => ({
    id: `r${index}`,
    method: 'GET',
    url: `/items?count=5&$top=${(index % 5) + 1}`,
    ...(index % 10 === 9 && { dependsOn: [`r${index - 1}`] }),
  }));
  const responses = await callerOf().batch(requests);
  expect(responses.map(({ id, status }) => [id, status])).toEqual(requests.map(({ id }) => [id, 200]));
  expect(responses.map(({ body }) => (body as { value: unknown[] }).value.length)).toEqual(requests.map((_, index) => (index % 5) + 1));
  const batches = mock.journal.filter(({ path }) => path.endsWith('/$batch'));
  expect(batches.length).toBeGreaterThanOrEqual(7);
});

test('an operation is polled until it is done, and its result is fetched; one that fails is an error', async () => {
  const api = callerOf();
  const begin = async (query: string): Promise<string> => {
    const { statusCode, headers, body } = await api.request(`exports?${query}`, { method: 'POST' });
    await body.dump();
    expect(statusCode).toBe(202);
    return String(headers['operation-location']);
  };
  expect(await api.poll(await begin('polls=3'))).toMatchObject({ id: expect.any(String) });
  expect(mock.journal.filter(({ path }) => path.includes('/operations/'))).toHaveLength(4);
  await expect(api.poll(await begin('outcome=failed'))).rejects.toMatchObject({ code: 'response_error', apiCode: expect.any(String) });
});

test('a vault’s secret is read with a token of its own audience', async () => {
  const vault = mock.authorityHost;
  const tokens = createTokenSource({
    authority: entra({ tenant: mock.tenantId, authorityHost: mock.authorityHost }),
    clientId: mock.clientId,
    credential: secret(mock.clientSecret),
    ca: mock.ca,
  });
  const wrong = createApiCaller({ baseUrl: vault, scope: mock.scope, tokens, ca: mock.ca });
  const right = createApiCaller({ baseUrl: vault, scope: 'https://vault.azure.net/.default', tokens, ca: mock.ca });
  onTestFinished(async () => {
    await Promise.all([wrong.close(), right.close()]);
    await tokens.close();
  });
  const query = { 'api-version': '7.4' };
  await expect(wrong.putJson('secrets/daemon', { value: 'v' }, { query })).rejects.toMatchObject({ status: 401 });
  await right.putJson('secrets/daemon', { value: 'v' }, { query });
  expect(await right.getJson('secrets/daemon', { query })).toMatchObject({ value: 'v' });
});
