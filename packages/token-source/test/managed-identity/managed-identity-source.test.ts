/** `createManagedIdentitySource` on the platforms that the mock plays, and its refusals. */
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createManagedIdentitySource, type ManagedIdentitySourceOptions } from '../../src/managed-identity-source.ts';
import type { TokenSource } from '../../src/token-source.ts';

let mock: MockTokenEndpoint;
beforeAll(async () => {
  mock = await startMockTokenEndpoint({ seed: 'managed identity source' });
});
afterEach(() => mock.reset());
afterAll(() => mock.close());

const NOW_MS = Date.UTC(2026, 0, 1);

function sourceOn(environment: Readonly<Record<string, string>>, options: ManagedIdentitySourceOptions = {}) {
  const pauses: number[] = [];
  const source: TokenSource = createManagedIdentitySource({
    environment,
    now: () => NOW_MS,
    sleep: async (ms) => {
      pauses.push(ms);
    },
    ...options,
  });
  onTestFinished(() => source.close());
  return { source, pauses };
}

const imds = async () => mock.platformEnvironment('imds');
/** The paths of what was asked, with their queries. */
const asked = () => mock.journal.map(({ method, path }) => `${method} ${path}`);

test.each(['imds', 'app-service'] as const)('MI-01, MI-04: on %s the token of the machine is given, and kept', async (platform) => {
  const { source } = sourceOn(await mock.platformEnvironment(platform));
  const token = await source.getToken(mock.scope);
  expect(decodeJwt(token.value)).toMatchObject({ tid: mock.tenantId, aud: mock.scope.replace('/.default', '') });
  expect(await source.getToken(mock.scope)).toBe(token);
  expect(mock.journal).toHaveLength(1);
});

test('a user-assigned identity is named by any of its three names, and one that is not there is refused', async () => {
  const { source } = sourceOn(await imds(), { clientId: '00000000-0000-0000-0000-000000000000' });
  await expect(source.getToken(mock.scope)).rejects.toMatchObject({ code: 'credential_unavailable', transient: false });
  expect(mock.journal).toHaveLength(1);
});

describe('MI-02: the instance metadata service is asked again', () => {
  test.each([
    [404, [1000, 2000, 4000]],
    [429, [1000, 2000, 4000]],
    [503, [1000, 2000, 4000]],
    [410, Array(7).fill(10_000)],
  ])('after %i in its rhythm, within the deadline', async (status, pauses) => {
    mock.addRule({
      match: { path: /identity/ },
      answer: { status, body: '{"error":"gone"}', headers: { 'content-type': 'application/json' } },
    });
    let nowMs = NOW_MS;
    const slept: number[] = [];
    const { source } = sourceOn(await imds(), {
      now: () => nowMs,
      sleep: async (ms) => {
        slept.push(ms);
        nowMs += ms;
      },
    });
    await expect(source.getToken(mock.scope)).rejects.toMatchObject({ code: 'credential_unavailable', transient: true });
    expect(slept).toEqual(pauses);
    expect(mock.journal).toHaveLength(pauses.length + 1);
  });

  test('and gives what it says when it is back', async () => {
    mock.addRule({ match: { path: /identity/ }, times: 2, answer: { status: 500, body: '{}' } });
    const { source, pauses } = sourceOn(await imds());
    await source.getToken(mock.scope);
    expect(pauses).toEqual([1000, 2000]);
  });

  test('but not after a 400, which is final', async () => {
    mock.addRule({
      match: { path: /identity/ },
      answer: {
        status: 400,
        body: '{"error":"invalid_request","error_description":"Identity not found"}',
        headers: { 'content-type': 'application/json' },
      },
    });
    const { source, pauses } = sourceOn(await imds());
    await expect(source.getToken(mock.scope)).rejects.toMatchObject({
      code: 'credential_unavailable',
      transient: false,
      message: expect.stringContaining('Identity not found'),
    });
    expect([pauses, mock.journal.length]).toEqual([[], 1]);
  });
});

test('MI-05: claims of a challenge and a promise to meet one get a new token, and are sent nowhere', async () => {
  const { source } = sourceOn(await imds());
  await source.getToken(mock.scope, { cae: true });
  await source.getToken(mock.scope, { claims: '{"access_token":{"nbf":{"essential":true}}}' });
  expect(asked()).toHaveLength(2);
  expect(asked().join()).not.toMatch(/claims|cp1|nbf/);
});

test('another tenant, and a scope of single permissions, are refused before anybody is asked', async () => {
  const { source } = sourceOn(await imds());
  await expect(source.getToken(mock.scope, { tenant: 'contoso.com' })).rejects.toMatchObject({ code: 'tenant_not_allowed' });
  await expect(source.getToken('User.Read')).rejects.toMatchObject({ code: 'invalid_scope' });
  expect(mock.journal).toEqual([]);
});

test.each<[string, Record<string, string>, ManagedIdentitySourceOptions]>([
  ['two names', {}, { clientId: 'a', objectId: 'b' }],
  ['an empty name', {}, { clientId: '' }],
  ['an endpoint that is none', { IDENTITY_ENDPOINT: 'localhost', IDENTITY_HEADER: 'h' }, {}],
  ['an endpoint with a password', { IDENTITY_ENDPOINT: 'http://me:marker-secret@localhost', IDENTITY_HEADER: 'h' }, {}],
  ['Cloud Shell with a name', { MSI_ENDPOINT: 'http://localhost' }, { clientId: 'a' }],
  ['Azure Arc on another machine', { IDENTITY_ENDPOINT: 'http://10.0.0.1', IMDS_ENDPOINT: 'http://10.0.0.1' }, {}],
  ['IMDS with a path', { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1/path' }, {}],
])('%s is refused at once, without the value', (_, environment, options) => {
  expect(() => createManagedIdentitySource({ environment, ...options })).toThrowError(
    expect.objectContaining({ code: 'invalid_configuration', message: expect.not.stringContaining('marker-secret') }),
  );
});

test('check says offline that it has to ask, and online that the platform was named', async () => {
  const { source } = sourceOn(await imds());
  expect(await source.check()).toMatchObject({ ok: false, canSign: false, problems: [expect.stringContaining('network: true')] });
  expect(await source.check({ network: true })).toMatchObject({ ok: true, problems: [] });
});
