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

test('a configuration file that cannot be used ends it with 2, and what is wrong in it is named', async () => {
  const config = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return ['--config', join(folder, name)];
  };
  await expectRefusals([
    [['--config', join(folder, 'nowhere.json')], 'nowhere.json cannot be read (ENOENT)'],
    [await config('no.json', '{"port": 1,}'), 'no.json is no JSON: '],
    [await config('list.json', '[]'), 'list.json is no JSON object: write options as its members'],
    [await config('rules.json', '{"rules": {}}'), 'rules.json has rules that are no list'],
    [await config('range.json', '{"tokenLifetimeSeconds": 0}'), 'tokenLifetimeSeconds is 0'],
    [await config('typo.json', '{"tokenLifetime": 1}'), 'tokenLifetime'],
    [await config('rule.json', '{"seed": "s", "rules": [{"answer": {"status": 503}}, {"answer": {"status": 99}}]}'), 'rules[1]: '],
  ]);
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

function outcome(...args: string[]): ReturnType<typeof startProgram>['outcome'] {
  return startProgram(bin, { args }).outcome;
}

async function expectRefusals(rows: readonly [string[], string][]): Promise<void> {
  const outcomes = await Promise.all(rows.map(([args]) => outcome(...args)));
  expect(outcomes).toEqual(rows.map(([, message]) => ({ code: 2, stdout: '', stderr: expect.stringContaining(message) })));
  for (const { stderr } of outcomes) expect(stderr).toMatch(/^mock-token-endpoint: /);
}
