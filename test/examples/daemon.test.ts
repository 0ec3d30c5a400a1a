/** What `npm start` shows, read as a newcomer would, from a pipe. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMockTokenEndpoint } from '@client-credentials/mock-token-endpoint';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { bundleProgram, startProgram } from '../support/program.ts';

let program: string;

beforeAll(async () => {
  program = await bundleProgram("import './examples/src/daemon.ts';");
});

test('the story is told to its end against the mock, whatever the environment holds', async () => {
  const env = {
    AZURE_TENANT_ID: 'contoso.com',
    AZURE_CLIENT_ID: 'me',
    AZURE_CLIENT_SECRET: 'marker-secret',
    AZURE_AUTHORITY_HOST: 'https://127.0.0.1:9',
  };
  const { code, stdout, stderr } = await startProgram(program, { env }).outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.split('\n').map((line) => line.trim());
  const steps = ['1. The certificate', '2. The token request', '3. The answer', '4. The API calls', '5. The cache'];
  expect(lines.filter((line) => /^\d\. /.test(line)).map((line, index) => line.startsWith(steps[index] ?? '-'))).toEqual(
    Array(5).fill(true),
  );
  for (const words of [
    /^x5t#S256 +[\w-]{43}$/,
    /days left$/,
    /^POST https:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]{36}\/oauth2\/v2\.0\/token$/,
    /^grant_type +client_credentials$/,
    /^client_assertion +eyJ[\w-]+… \(\d+ characters\)$/,
    /^header alg +"PS256"$/,
    /^claim aud +https:\/\/127/,
    /^lifetime +3600 s/,
    /^roles +User\.Read\.All/,
    /^page 3: 250 users so far$/,
    /^250 users over 3 pages$/,
    /^API calls +3$/,
    /^token requests +0/,
    /RFC 7523 §2\.2/,
  ]) {
    expect(lines.filter((line) => words.test(line)).length, String(words)).toBeGreaterThanOrEqual(1);
  }
  expect(stdout).not.toMatch(/marker-secret|eyJ[\w-]{40}/);
  expect(stdout).not.toContain('\u001b');
});

test('--real takes the credential, the scope and the URL from outside', async () => {
  const mock = await startMockTokenEndpoint();
  onTestFinished(() => mock.close());
  const env = {
    AZURE_AUTHORITY_HOST: mock.authorityHost,
    AZURE_TENANT_ID: mock.tenantId,
    AZURE_CLIENT_ID: mock.clientId,
    AZURE_CLIENT_SECRET: mock.clientSecret,
    NODE_EXTRA_CA_CERTS: mock.caFile,
  };
  const args = ['--real', '--scope', mock.scope, '--url', `${mock.apiBaseUrl}organization`];
  const { code, stdout, stderr } = await startProgram(program, { args, env }).outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`the tenant ${mock.tenantId} for real`);
  expect(stdout).toMatch(/\d+ characters of JSON/);
  expect(stdout).not.toContain(mock.clientSecret);
});

test.each([
  [['--real', '--url', 'https://127.0.0.1:9/steal'], 'give both'],
  [['--real', '--scope', 'api://other/.default'], 'give both'],
  [['--real', '--url', 'nonsense', '--scope', 'x'], 'no URL'],
  [['--scope', 'x'], 'add --real'],
  [['--real', '--url', 'https://graph.microsoft.com.evil.example/'], 'give both'],
  // What follows passes the rule, and ends at the environment, which is empty.
  [['--real', '--url', 'https://graph.microsoft.com/v1.0/organization'], 'AZURE_TENANT_ID'],
  [['--real', '--scope', 'https://graph.microsoft.com/.default'], 'AZURE_TENANT_ID'],
])('%j is refused before anything is sent', async (args, words) => {
  const { code, stderr } = await startProgram(program, { args }).outcome;
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(words) });
});

test('whoever has read enough leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'client-credentials-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { child, outcome } = startProgram(program, { env: { TMPDIR: folder } });
  child.stdout?.once('data', () => child.stdout?.destroy());
  await outcome;
  expect(await readdir(folder)).toEqual([]);
});

test('--real without a tenant says what to set', async () => {
  const { code, stderr } = await startProgram(program, { args: ['--real'] }).outcome;
  expect(code).toBe(1);
  expect(stderr).toMatch(/AZURE_TENANT_ID is not set/);
});
