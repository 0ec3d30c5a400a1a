/** Each example with a token source runs against the mock by itself and prints what it promises; with `--real` it takes everything from outside. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MockTokenEndpoint, startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { expect, onTestFinished, test } from 'vitest';
import { bundleProgram, startProgram } from '../support/program.ts';

const TOKEN = /OpaqueAccessToken \{\n {2}tokenType: 'Bearer',/;

/** What each prints, in this order, among other things. */
const PRINTED: Readonly<Record<string, readonly RegExp[]>> = {
  'secret.ts': [TOKEN, /^the same one again: true$/m, /^kept, and fresh$/m],
  'certificate-file.ts': [TOKEN, /^the certificate is good for [1-9]\d* days$/m],
  'signer.ts': [/^\d+ octets to sign$/m, TOKEN],
  'workload-identity.ts': [TOKEN],
  'managed-identity.ts': [TOKEN],
  'many-tenants.ts': [
    /^contoso\.example: a token until \d{4}-/m,
    /^fabrikam\.example: app_missing, ask its administrator to open https:\/\/127\.0\.0\.1:\d+\/fabrikam\.example\/adminconsent\?client_id=/m,
    /^tailspin\.example: app_disabled$/m,
  ],
  'other-server.ts': [
    /^DPoP token, bound to the key [\w-]{43}$/m,
    /^GET \S*\/\.well-known\/openid-configuration\S* 200 $/m,
    /^POST \S*\/token 400 \{"alg":"PS256","typ":"client-authentication\+jwt",/m,
    /^POST \S*\/token 200 \{"alg":"PS256","typ":"client-authentication\+jwt",/m,
  ],
  'token-credential.ts': [/^Bearer …, until \d{4}-/m],
  'health-check.ts': [
    /^before the first token: 200 \{"ok":true,"canSign":true,"credentialDaysLeft":\d+,"clockOffsetMs":0,"problems":\[\]\}$/m,
    /^after it: 200 \{.*"lastSuccessAtMs":\d+/m,
  ],
  'opentelemetry.ts': [/name: 'token request'/, /'client_credentials\.source': 'daemon'/, /name: 'client_credentials\.token_requests'/],
};

test.each(Object.entries(PRINTED))('%s prints what it promises, in at most 40 lines', async (file, expected) => {
  const source = await readFile(new URL(`../../examples/src/${file}`, import.meta.url), 'utf8');
  expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  // Whatever the environment holds, nothing is asked but the mock.
  const env = { AZURE_TENANT_ID: 'contoso.example', AZURE_CLIENT_ID: 'me', AZURE_CLIENT_SECRET: 'marker-secret' };
  const stdout = await outputOf(file, { env });
  let rest = stdout;
  for (const words of expected) {
    const { 0: text = '', index = -1 } = words.exec(rest) ?? {};
    expect(index, `${words} in ${rest}`).toBeGreaterThanOrEqual(0);
    rest = rest.slice(index + text.length);
  }
  expect(stdout).not.toMatch(/eyJ|marker-secret/);
});

test.each([
  ['secret.ts', async ({ clientSecret }: MockTokenEndpoint) => ({ AZURE_CLIENT_SECRET: clientSecret })],
  ['signer.ts', async (mock: MockTokenEndpoint) => ({ AZURE_CLIENT_CERTIFICATE_PATH: await pemFile(mock) })],
  ['certificate-file.ts', async (mock: MockTokenEndpoint) => ({ AZURE_CLIENT_CERTIFICATE_PATH: await pemFile(mock) })],
  ['workload-identity.ts', (mock: MockTokenEndpoint) => mock.platformEnvironment('kubernetes')],
  ['managed-identity.ts', (mock: MockTokenEndpoint) => mock.platformEnvironment('app-service')],
])('%s takes tenant, client and credential from the environment with --real', async (file, credentialOn) => {
  const mock = await startMockTokenEndpoint({ seed: 'real', now: Date.now });
  onTestFinished(() => mock.close());
  const env = {
    NODE_EXTRA_CA_CERTS: mock.caFile,
    AZURE_AUTHORITY_HOST: mock.authorityHost,
    AZURE_TENANT_ID: mock.tenantId,
    AZURE_CLIENT_ID: mock.clientId,
    ...(await credentialOn(mock)),
  };
  expect(await outputOf(file, { args: ['--real'], env })).toMatch(TOKEN);
  expect(mock.journal.filter(({ status }) => status === 200)).not.toEqual([]);
});

test('with --real and nothing set an example says what it wants', async () => {
  const { code, stderr } = await startProgram(await bundleProgram("import './examples/src/secret.ts';"), { args: ['--real'] }).outcome;
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('AZURE_TENANT_ID is not set') });
});

async function outputOf(
  file: string,
  { args = [], env }: { args?: readonly string[]; env: Readonly<Record<string, string>> },
): Promise<string> {
  const program = await bundleProgram(`import './examples/src/${file}';`);
  const { code, stdout, stderr } = await startProgram(program, { args, env: { NO_COLOR: '1', ...env } }).outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** Certificate and key in one file, as the variable of Azure's SDK wants them. */
async function pemFile({ certificateFile, privateKeyFile }: MockTokenEndpoint): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'client-credentials-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'daemon.pem');
  await writeFile(file, (await readFile(certificateFile, 'utf8')) + (await readFile(privateKeyFile, 'utf8')), { mode: 0o600 });
  return file;
}
