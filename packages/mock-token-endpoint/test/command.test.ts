/**
 * The bin as a person and a script use it: a real process, its output, curl on what it printed, and signals. With a seed, which spares
 * each process the making of keys.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bundleProgram, type RunningProgram, startProgram } from '../../../test/support/program.ts';
import { curl } from './curl.ts';
import { openssl } from './openssl.ts';

const run = promisify(execFile);
let bin: string;
let folder: string;

beforeAll(async () => {
  bin = await bundleProgram(`await import('./packages/mock-token-endpoint/src/main.ts');`);
  folder = await mkdtemp(join(tmpdir(), 'mock-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('with --json it prints one line when ready, from which curl alone gets a token, and Ctrl-C ends it without a trace', async () => {
  const program = startProgram(bin, { args: ['--json', '--seed', 'one'] });
  const line = await printed(program, '\n');
  const mock = JSON.parse(line);
  expect(Object.keys(mock).sort()).toEqual(MEMBERS);

  const { access_token } = await curlJson(mock.caFile, tokenRequest(mock));
  const { value } = await curlJson(mock.caFile, ['-H', `Authorization: Bearer ${access_token}`, `${mock.apiBaseUrl}users?$top=1`]);
  expect(value).toHaveLength(1);

  const idle = connect(Number(new URL(mock.platformUrl).port), '127.0.0.1').resume();
  await once(idle, 'connect');
  const closed = once(idle, 'close');
  program.child.kill('SIGINT');
  expect(await program.outcome).toEqual({ code: 0, stdout: line, stderr: '' });
  await closed;
  expect(existsSync(dirname(mock.caFile))).toBe(false);
});

test('without --json it prints what runs where, and lines that work as pasted into a shell', async () => {
  const directory = await mkdtemp(join(folder, "it's a folder "));
  const config = await configuration({ directory, seed: 'one', tokenLifetimeSeconds: 60 });
  const program = startProgram(bin, { args: ['--config', config] });
  const summary = await printed(program, 'nothing but this mock.\n');
  expect(summary).toMatch(/^The mock token endpoint runs with the profile entra\. Ctrl-C ends it\.\n/);
  expect(summary).toMatch(/^Inspector +http:\/\/127\.0\.0\.1:\d+\/__inspector\/#token=/m);

  const curlLine = /^curl .*$/m.exec(summary)?.[0] ?? '';
  expect(JSON.parse((await run('sh', ['-c', `${curlLine} -sS`])).stdout)).toMatchObject({ token_type: 'Bearer', expires_in: 60 });

  const script = summary.match(/^(export|unset) .*$/gm)?.join('\n');
  const { stdout } = await run('sh', ['-c', `${script}\nenv`]);
  const variables = Object.fromEntries(stdout.split('\n').map((line) => line.split(/=(.*)/, 2)));
  expect(summary).toContain(`${variables.AZURE_AUTHORITY_HOST}/${variables.AZURE_TENANT_ID}/oauth2/v2.0/token`);
  expect(variables).not.toHaveProperty('AZURE_CLIENT_SECRET');
  const { mode } = await stat(variables.AZURE_CLIENT_CERTIFICATE_PATH);
  expect((mode & 0o777).toString(8)).toBe('600');
  // openssl finds both in the one file, and they belong together.
  const pem = variables.AZURE_CLIENT_CERTIFICATE_PATH;
  const [ofCertificate, ofKey] = await Promise.all([
    openssl(['x509', '-in', pem, '-noout', '-pubkey']),
    openssl(['pkey', '-in', pem, '-pubout']),
  ]);
  expect(ofCertificate).toBe(ofKey);
  expect(await readFile(variables.NODE_EXTRA_CA_CERTS, 'utf8')).toContain('BEGIN CERTIFICATE');
  expect(await journalLength(summary)).toBe(1);

  program.child.kill('SIGTERM');
  expect((await program.outcome).code).toBe(0);
  expect(await readdir(directory)).toEqual([]);
});

test('an argument wins over the file, whose rules are in force from the start', async () => {
  const rule = { match: { path: '/rfc/token' }, answer: { status: 418, body: { error: 'teapot' } } };
  const config = await configuration({ directory: folder, profile: 'entra', seed: 'one', rules: [rule] });
  const program = startProgram(bin, { args: ['--profile', 'rfc', '--no-tls', '--config', config] });
  const summary = await printed(program, 'nothing but this mock.\n');
  // The face that the profile is named after comes first, and the line to paste asks it.
  expect(summary).toMatch(/profile rfc\..*\n\nRFC face +http:.*\nEntra face +http:/);
  expect(summary).not.toContain('AZURE_TENANT_ID');
  const { name } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  expect(summary).toContain(`run npx ${name} without --no-tls.`);
  const curlLine = /^curl .*$/m.exec(summary)?.[0] ?? '';
  expect((await run('sh', ['-c', `${curlLine} -sS`])).stdout).toBe('{"error":"teapot"}');
  expect(await journalLength(summary)).toBe(1);
});

test('a file with a byte order mark is read, as Windows PowerShell writes it: UTF-8, or UTF-16', async () => {
  const text = `\uFEFF${JSON.stringify({ directory: folder, seed: 'é', profile: 'lenient' })}`;
  const clientIds = await Promise.all(
    (['utf8', 'utf16le'] as const).map(async (encoding) => {
      const config = join(folder, `${encoding}.json`);
      await writeFile(config, text, encoding);
      return JSON.parse(await printed(startProgram(bin, { args: ['--json', '--config', config] }), '\n')).clientId;
    }),
  );
  const unmarked = await configuration({ directory: folder, seed: 'é' });
  const { clientId } = JSON.parse(await printed(startProgram(bin, { args: ['--json', '--config', unmarked] }), '\n'));
  expect(clientIds).toEqual([clientId, clientId]);
});

test('two with one --seed have the same identifiers and secrets', async () => {
  const configs = await Promise.all([{ seed: 'one' }, {}].map((options) => configuration({ directory: folder, ...options })));
  const programs = configs.map((config) => startProgram(bin, { args: ['--json', '--seed', 'two', '--config', config] }));
  const [first, second] = (await Promise.all(programs.map((program) => printed(program, '\n')))).map((line) => JSON.parse(line));
  for (const name of ['tenantId', 'clientId', 'clientSecret', 'pfxPassword', 'controlToken']) expect(first[name]).toBe(second[name]);
});

test('a reader that leaves early does not end it', async () => {
  const directory = await mkdtemp(join(folder, 'closed-'));
  const config = await configuration({ directory, seed: 'one' });
  const { child, outcome } = startProgram(bin, { args: ['--json', '--config', config] });
  child.stdout?.destroy();
  child.stdin?.destroy();
  // It has begun; and whatever it is asked from now on, it prints its line before it ends.
  await vi.waitFor(async () => expect(await readdir(directory)).toHaveLength(1), { timeout: 15_000, interval: 20 });
  child.kill('SIGINT');
  expect(await outcome).toMatchObject({ code: 0, stderr: '' });
  expect(await readdir(directory)).toEqual([]);
});

test('a terminal that is closed ends it, and its files are gone', async () => {
  const directory = await mkdtemp(join(folder, 'hang-up-'));
  const program = startProgram(bin, { args: ['--json', '--config', await configuration({ directory, seed: 'one' })] });
  await printed(program, '\n');
  program.child.kill('SIGHUP');
  expect((await program.outcome).code).toBe(0);
  expect(await readdir(directory)).toEqual([]);
});

test('a second Ctrl-C ends it at once, whatever the first one is still waiting for', async () => {
  const stuck = await bundleProgram(`
    import fs from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    fs.rm = () => new Promise(() => setInterval(() => undefined, 1000));
    syncBuiltinESMExports();
    await import('./packages/mock-token-endpoint/src/main.ts');`);
  const config = await configuration({ directory: folder, seed: 'one' });
  const program = startProgram(stuck, { args: ['--json', '--config', config] });
  const { controlUrl } = JSON.parse(await printed(program, '\n'));
  program.child.kill('SIGINT');
  await vi.waitFor(() => expect(fetch(controlUrl)).rejects.toThrow(), { timeout: 15_000, interval: 20 });
  program.child.kill('SIGINT');
  expect(await program.outcome).toMatchObject({ code: null, stderr: '' });
});

/** All data members of a running mock, and nothing else. */
const MEMBERS = [
  'apiBaseUrl',
  'authorityHost',
  'ca',
  'caFile',
  'certificateFile',
  'clientId',
  'clientSecret',
  'controlToken',
  'controlUrl',
  'inspectorUrl',
  'issuer',
  'pfxFile',
  'pfxPassword',
  'platformUrl',
  'privateKeyFile',
  'scope',
  'tenantId',
  'tokenEndpoint',
];

async function configuration(content: object): Promise<string> {
  const file = join(await mkdtemp(join(folder, 'config-')), 'mock.json');
  await writeFile(file, JSON.stringify(content));
  return file;
}

/** Asks the control interface, as a script does after the summary's lines were pasted. */
async function journalLength(summary: string): Promise<number> {
  const variables = summary.match(/^export CONTROL_.*$/gm)?.join('\n');
  const { stdout } = await run('sh', ['-c', `${variables}\ncurl -sS -H "Authorization: Bearer $CONTROL_TOKEN" "$CONTROL_URL"journal`]);
  return JSON.parse(stdout).entries.length;
}

/** What the program has printed, once that ends with `end`; fails when the program ends first. */
function printed({ child, outcome }: RunningProgram, end: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      if (text.endsWith(end)) resolve(text);
    });
    outcome.then(({ code, stderr }) => reject(new Error(`ended with ${code}: ${stderr}`)), reject);
  });
}

async function curlJson(caFile: string, args: readonly string[]): Promise<Record<string, unknown>> {
  return JSON.parse(String((await curl('-g', '--cacert', caFile, ...args)).stdout));
}

function tokenRequest(mock: Record<string, string>): string[] {
  const { clientId = '', clientSecret = '', scope = '', tokenEndpoint = '' } = mock;
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
  return ['-d', new URLSearchParams(form).toString(), tokenEndpoint];
}
