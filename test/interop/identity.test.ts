/** `@azure/identity` as it is: its credentials for daemons against the Entra face, and those of two platforms against theirs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type KeyedCertificate, ownCertificate, signAssertion } from './assertion.ts';
import { type Acquired, runClient } from './client.ts';
import { entraClaims, expectEntraToken, onlyTokenRequest } from './verify.ts';

let mock: MockTokenEndpoint;
let folder: string;
beforeAll(async () => {
  mock = await startMockTokenEndpoint();
  folder = await mkdtemp(join(tmpdir(), 'interop-identity-'));
});
beforeEach(() => mock.reset());
afterAll(() => Promise.all([mock.close(), rm(folder, { recursive: true })]));

describe('Azure Identity gets a token that verifies', () => {
  test('by ClientSecretCredential', async () => {
    await expectToken(await acquire({ kind: 'secret', secret: mock.clientSecret }), '1');
  });

  test('by ClientCertificateCredential', async () => {
    await expectToken(await acquire({ kind: 'certificate', certificatePath: await pemFile() }), '2');
  });

  test('by ClientCertificateCredential that sends its certificate along', async () => {
    const task = { kind: 'certificate', certificatePath: await pemFile(), sendCertificateChain: true };
    await expectToken(await acquire(task), '2');
    expect(onlyTokenRequest(mock).assertion?.header).toHaveProperty('x5c');
  });

  test('by ClientAssertionCredential', async () => {
    const task = { kind: 'assertion', assertion: await signAssertion(mock) };
    await expectToken(await acquire(task), '2');
  });

  test('by WorkloadIdentityCredential, from what a Kubernetes pod has in its environment', async () => {
    const task = { kind: 'workload' };
    await expectToken(await acquire(task, await mock.platformEnvironment('kubernetes')), '2');
    expect(onlyTokenRequest(mock).assertion?.claims).not.toHaveProperty('iss', mock.clientId);
  });

  test('by ManagedIdentityCredential, from what App Service has in its environment', async () => {
    const [acquired] = await acquire({ kind: 'managed' }, await mock.platformEnvironment('app-service'));
    expect(await entraClaims(acquired, mock)).toHaveProperty('idtyp', 'app');
    expect(mock.journal[0]).toMatchObject({
      listener: 'local',
      method: 'GET',
      path: expect.stringMatching(/^\/msi\/token\?/),
      status: 200,
    });
  });
});

describe('Azure Identity shows the code of the refusal', () => {
  test('for a wrong secret', async () => {
    expect(await acquire({ kind: 'secret', secret: 'wrong' })).toEqual([refused('AADSTS7000215')]);
  });

  test('for a certificate that is registered nowhere', async () => {
    const certificatePath = await pemFile(await mock.issueCertificate({ registered: false }));
    expect(await acquire({ kind: 'certificate', certificatePath })).toEqual([refused('AADSTS700027')]);
  });

  test('for a certificate that has expired', async () => {
    const nowMs = Date.now();
    const expired = await mock.issueCertificate({ notBeforeMs: nowMs - 2 * DAY_MS, notAfterMs: nowMs - DAY_MS });
    expect(await acquire({ kind: 'certificate', certificatePath: await pemFile(expired) })).toEqual([refused('AADSTS1000502')]);
  });
});

const DAY_MS = 86_400_000;

function acquire(task: object, environment: Readonly<Record<string, string>> = {}): Promise<readonly Acquired[]> {
  const { authorityHost, tenantId, clientId, scope, caFile } = mock;
  return runClient('identity', { authorityHost, tenantId, clientId, scope, ...task }, { caFile, environment });
}

/** As Azure Identity takes certificates: with the key, in one PEM file. */
async function pemFile({ certificate, privateKey }: KeyedCertificate = ownCertificate(mock)): Promise<string> {
  const file = join(await mkdtemp(join(folder, 'pem-')), 'daemon.pem');
  await writeFile(file, certificate + privateKey);
  return file;
}

function refused(code: string): object {
  return { error: expect.objectContaining({ name: 'AuthenticationRequiredError', message: expect.stringContaining(`${code}:`) }) };
}

/** `azpacr` says how the client proved itself: 1 by a secret, 2 by a certificate or an assertion. */
function expectToken(acquired: readonly Acquired[], azpacr: '1' | '2'): Promise<void> {
  return expectEntraToken(acquired, { mock, claims: { azp: mock.clientId, azpacr } });
}
