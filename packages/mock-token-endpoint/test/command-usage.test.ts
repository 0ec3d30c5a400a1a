/** The bin when it is not started: help, version, and every way to be told what is wrong, with the exit code that says whose turn it is. */
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { bundleProgram, startProgram } from '../../../test/support/program.ts';

let bin: string;
let folder: string;

beforeAll(async () => {
  bin = await bundleProgram(`await import('./packages/mock-token-endpoint/src/main.ts');`);
  folder = await mkdtemp(join(tmpdir(), 'mock-usage-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('--help names every argument, signal and exit code, and --version the version of the package', async () => {
  const [help, version] = await Promise.all([outcome('--help'), outcome('--version')]);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const word of ['--port', '--no-tls', '--profile', '--config', '--seed', '--json', '--help', '--version', 'Ctrl-C', 'Exit codes']) {
    expect(help.stdout).toContain(word);
  }
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  expect(help.stdout).toContain(`\nUsage: npx ${manifest.name} [arguments]\n`);
  expect(help.stdout).not.toContain('npx mock');
  expect(version).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

test('an argument that cannot be used ends it with 2, and is named', async () => {
  await expectRefusals([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['start'], "Unexpected argument 'start'"],
    [['--config'], "'--config <value>' argument missing"],
    [['--json=1'], "Option '--json' does not take an argument"],
    [['--port', '0x50'], '--port is "0x50": give a whole number'],
    [['--port='], '--port is "": give a whole number'],
    [['--port', '70000'], 'port is 70000: give a whole number from 0 to 65535'],
    [['--profile', 'strict'], 'profile is "strict": give entra, rfc or lenient'],
  ]);
});

test('a configuration file that cannot be used ends it with 2, and the error begins with the file and says what is wrong in it', async () => {
  const twoRules = '{"seed": "s", "rules": [{"answer": {"status": 503}}, {"answer": {"status": 99}}]}';
  await expectRefusedFiles([
    ['{"port": 1,}', 'it is no JSON: '],
    ['[]', 'it is no JSON object: write options as its members'],
    ['{"rules": {}}', 'rules is no list: write "rules": ['],
    ['{"tokenLifetimeSeconds": 0}', 'tokenLifetimeSeconds is 0: give a whole number'],
    ['{"tenants": {"contoso": {"clients": {}}}}', 'tenants names "contoso": use a GUID or a domain name'],
    [
      '{"tenants": {"contoso.example": {"clients": {"a": {"secret": "s"}}}}}',
      'tenants["contoso.example"].clients["a"].secret is no option: ',
    ],
    [`{"directory": ${JSON.stringify(join(folder, 'none'))}}`, 'No folder can be made in directory '],
    [twoRules, 'rules[1]: rule.answer.status is 99: '],
  ]);
});

test('an unknown member of a configuration file is told which there are: rules too, and no now, which is refused by name', async () => {
  const members = 'port, tls, profile, seed, dpopNonce, directory, tenants, resources, tokenLifetimeSeconds, journalEntries, rules\n';
  await expectRefusedFiles([
    ['{"tokenLifetime": 1}', `tokenLifetime is no option: give one of ${members}`],
    ['{"rule": []}', `rule is no option: give one of ${members}`],
    ['{"__proto__": {}}', `__proto__ is no option: give one of ${members}`],
    ['{"now": 1767225600000}', 'now is a function, and a file holds none: '],
  ]);
});

test('a configuration file that is not there, or is a folder, is said to be so', async () => {
  const nowhere = join(folder, 'nowhere.json');
  await expectRefusals([
    [['--config', nowhere], `--config ${nowhere}: there is no such file; name a JSON file`],
    [['--config', join(bin, 'in-a-file.json')], 'there is no such file; name a JSON file'],
    [['--config', folder], `--config ${folder}: it is a folder; name a JSON file`],
  ]);
});

test('what is wrong among the arguments is not blamed on the file', async () => {
  const file = await fileOf('{"port": 0}');
  const { stderr } = await outcome('--port', '70000', '--config', file);
  expect(stderr).toMatch(/^mock-token-endpoint: port is 70000: /);
});

test('a port in use ends it with 4, and leaves no files', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const directory = await mkdtemp(join(folder, 'in-use-'));
  const config = join(folder, 'in-use.json');
  await writeFile(config, JSON.stringify({ directory, port, seed: 's' }));
  const { code, stdout, stderr } = await outcome('--config', config);
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(stderr).toContain(`Port ${port} of 127.0.0.1 cannot be listened on (EADDRINUSE)`);
  expect(await readdir(directory)).toEqual([]);
});

async function fileOf(content: string): Promise<string> {
  const file = join(await mkdtemp(join(folder, 'config-')), 'mock.json');
  await writeFile(file, content);
  return file;
}

/** Each row is the content of a file, and how the error goes on after the file's name. */
async function expectRefusedFiles(rows: readonly [string, string][]): Promise<void> {
  const refusals = rows.map(async ([content, message]): Promise<[string[], string]> => {
    const file = await fileOf(content);
    return [['--config', file], `mock-token-endpoint: --config ${file}: ${message}`];
  });
  await expectRefusals(await Promise.all(refusals));
}

function outcome(...args: string[]): ReturnType<typeof startProgram>['outcome'] {
  return startProgram(bin, { args }).outcome;
}

async function expectRefusals(rows: readonly [string[], string][]): Promise<void> {
  const outcomes = await Promise.all(rows.map(([args]) => outcome(...args)));
  expect(outcomes).toEqual(rows.map(([, message]) => ({ code: 2, stdout: '', stderr: expect.stringContaining(message) })));
  for (const { stderr } of outcomes) expect(stderr).toMatch(/^mock-token-endpoint: /);
}
