// The options of a token source, from the variables that users of Azure's SDKs have set.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fixture } from '../../../test/support/certificates.ts';
import { createTokenSource, fromEnvironment } from '../src/index.ts';

const ids = { AZURE_TENANT_ID: 'contoso.com', AZURE_CLIENT_ID: 'me' };
const withFile = { AZURE_CLIENT_CERTIFICATE_PATH: 'x.pem' };
const withSecret = { ...ids, AZURE_CLIENT_SECRET: 'marker-secret' };

test('a secret in the environment is sent as Entra wants it', async () => {
  expect(await formSentWith(withSecret)).toMatchObject({ client_id: 'me', client_secret: 'marker-secret' });
});

test('a certificate file with an encrypted key is read, and its chain is sent on request', async () => {
  const path = await fileWith(fixture('rsa.crt.pem') + fixture('rsa.encrypted.key.pem'));
  const certificate = { ...ids, AZURE_CLIENT_CERTIFICATE_PATH: path, AZURE_CLIENT_CERTIFICATE_PASSWORD: 'correct horse' };
  const headerOf = async (environment: Record<string, string>) => {
    const [header = ''] = ((await formSentWith(environment))['client_assertion'] ?? '').split('.');
    return JSON.parse(Buffer.from(header, 'base64url').toString());
  };
  expect(Object.keys(await headerOf(certificate))).toEqual(['alg', 'typ', 'x5t#S256']);
  expect(Object.keys(await headerOf({ ...certificate, AZURE_CLIENT_SEND_CERTIFICATE_CHAIN: 'true' }))).toEqual([
    'alg',
    'typ',
    'x5t#S256',
    'x5c',
  ]);
});

test.each([
  ['AZURE_TENANT_ID', { ...withSecret, AZURE_TENANT_ID: undefined }, 'invalid_configuration'],
  ['AZURE_CLIENT_ID', { ...withSecret, AZURE_CLIENT_ID: '' }, 'invalid_configuration'],
  ['None of AZURE_CLIENT_SECRET', ids, 'invalid_configuration'],
  ['AZURE_CLIENT_SECRET and AZURE_CLIENT_CERTIFICATE_PATH', { ...withSecret, ...withFile }, 'invalid_configuration'],
  ['AZURE_CLIENT_SECRET and AZURE_FEDERATED_TOKEN_FILE', { ...withSecret, AZURE_FEDERATED_TOKEN_FILE: 't' }, 'invalid_configuration'],
  ['CERTIFICATE_PATH and AZURE_FEDERATED', { ...ids, ...withFile, AZURE_FEDERATED_TOKEN_FILE: 't' }, 'invalid_configuration'],
  ['PASSWORD is set without', { ...withSecret, AZURE_CLIENT_CERTIFICATE_PASSWORD: 'marker' }, 'invalid_configuration'],
  ['CHAIN is set without', { ...ids, AZURE_FEDERATED_TOKEN_FILE: 't', AZURE_CLIENT_SEND_CERTIFICATE_CHAIN: '1' }, 'invalid_configuration'],
  ['SEND_CERTIFICATE_CHAIN', { ...ids, ...withFile, AZURE_CLIENT_SEND_CERTIFICATE_CHAIN: 'yes' }, 'invalid_configuration'],
  ['AZURE_TENANT_ID.*"common"', { ...withSecret, AZURE_TENANT_ID: 'common' }, 'invalid_tenant'],
  ['AZURE_AUTHORITY_HOST.*use https', { ...withSecret, AZURE_AUTHORITY_HOST: 'http://login.microsoftonline.com' }, 'invalid_url'],
  [
    'AZURE_AUTHORITY_HOST, AZURE_REGIONAL_AUTHORITY_NAME',
    { ...withSecret, AZURE_AUTHORITY_HOST: 'https://127.0.0.1', AZURE_REGIONAL_AUTHORITY_NAME: 'eastus' },
    'invalid_parameter',
  ],
])('%s: the environment %j is refused as %s, without showing the secret', (words, environment, code) => {
  const error = expect.objectContaining({ code, message: expect.stringMatching(new RegExp(`^(?!.*marker).*${words}`)) });
  expect(() => fromEnvironment({ environment })).toThrowError(error);
});

test('a certificate file that is missing is named when it is needed', async () => {
  const source = createTokenSource(fromEnvironment({ environment: { ...ids, AZURE_CLIENT_CERTIFICATE_PATH: '/nowhere/daemon.pem' } }));
  await expect(source.getToken('https://graph.microsoft.com/.default')).rejects.toMatchObject({
    code: 'credential_unavailable',
    message: expect.stringMatching(/\/nowhere\/daemon\.pem.*ENOENT/),
  });
});

test('a PFX file is read too', async () => {
  const path = fileURLToPath(new URL('../../../test/fixtures/pkcs12/rsa.pfx', import.meta.url));
  const environment = { ...ids, AZURE_CLIENT_CERTIFICATE_PATH: path, AZURE_CLIENT_CERTIFICATE_PASSWORD: 'correct horse' };
  expect(await formSentWith(environment)).toHaveProperty('client_assertion');
});

test('WIF-06: the token in the file of AZURE_FEDERATED_TOKEN_FILE is sent as the assertion', async () => {
  const token = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from('{"sub":"s"}').toString('base64url')}.c2ln`;
  const path = await fileWith(`${token}\n`);
  expect(await formSentWith({ ...ids, AZURE_FEDERATED_TOKEN_FILE: path })).toMatchObject({ client_assertion: token });
});

test.each([
  ['westeurope', 'https://westeurope.login.microsoft.com/contoso.com/oauth2/v2.0/token'],
  [undefined, 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token'],
])('ENT-44: with the region %s, tokens are asked for at %s', (region, tokenEndpoint) => {
  const environment = { ...withSecret, REGION_NAME: 'northeurope', AZURE_REGIONAL_AUTHORITY_NAME: region };
  expect(fromEnvironment({ environment }).authority.server).toMatchObject({ tokenEndpoint });
});

test.each(['AutoDiscoverRegion', 'TryAutoDetect'])(
  'ENT-43: with %s the region is found out, in the same environment first',
  async (region) => {
    const environment = { ...withSecret, REGION_NAME: 'North Europe', AZURE_REGIONAL_AUTHORITY_NAME: region };
    const { authority } = fromEnvironment({ environment });
    const transport = { send: () => Promise.reject(new Error('asked')) };
    const found = await authority.discover?.({ transport, signal: new AbortController().signal, timeoutMs: 1, now: () => 0 });
    expect(found?.server.tokenEndpoint).toMatch(/^https:\/\/northeurope\.login\.microsoft\.com\//);
  },
);

test.each([
  [undefined, []],
  [' fabrikam.com; northwind.com;', ['fabrikam.com', 'northwind.com']],
  ['fabrikam.com;*', 'any'],
])('the additionally allowed tenants %j are the option tenants %j', (list, tenants) => {
  expect(fromEnvironment({ environment: { ...withSecret, AZURE_ADDITIONALLY_ALLOWED_TENANTS: list } })).toMatchObject({ tenants });
});

test('without an argument the process’s own environment is read', () => {
  for (const [name, value] of Object.entries({ ...withSecret, AZURE_CLIENT_CERTIFICATE_PATH: '', AZURE_AUTHORITY_HOST: '' }))
    vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  expect(fromEnvironment()).toMatchObject({ clientId: 'me', authority: { issuer: 'https://login.microsoftonline.com/contoso.com/v2.0' } });
});

/** The form that a source made from this environment sends, seen through a `fetch` of its own. */
async function formSentWith(environment: Record<string, string>): Promise<Record<string, string>> {
  let form = {};
  const source = createTokenSource({
    ...fromEnvironment({ environment }),
    now: () => Date.UTC(2026, 11, 1),
    fetch: async (_, init) => {
      form = Object.fromEntries(new URLSearchParams(String(init?.body)));
      return Response.json({ access_token: 'token', token_type: 'Bearer', expires_in: 3600 });
    },
  });
  await source.getToken('https://graph.microsoft.com/.default');
  return form;
}

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'client-credentials-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'daemon.pem'), text);
  return join(folder, 'daemon.pem');
}
