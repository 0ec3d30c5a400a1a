/**
 * Installs the packed tarballs with npm, as a user would, and tries them: the README's program through `import` and through
 * `require` against the mock, what was installed, and what an import alone loads.
 *
 *     node scripts/check-installed.mjs FOLDER-OF-TARBALLS
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const tarballs = readdirSync(process.argv[2]).map((file) => join(process.argv[2], file));
const folder = mkdtempSync(join(tmpdir(), 'client-credentials-'));
try {
  const everything = await install('everything', tarballs);
  const production = await install(
    'production',
    tarballs.filter((file) => !file.includes('mock-token-endpoint')),
  );
  await runReadme(everything);
  await runExample(everything);
  await runMock(everything);
  await runPkcs12(production);
  await checkInstalled(production);
  await checkLazy(production);
} finally {
  rmSync(folder, { recursive: true });
}

async function install(name, files) {
  const directory = join(folder, name);
  mkdirSync(directory);
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, private: true }));
  await run('npm', ['install', '--no-audit', '--no-fund', ...files], { cwd: directory, shell: process.platform === 'win32' });
  return directory;
}

/** The first program of the README, with the mock's API in place of Graph's. */
async function runReadme(directory) {
  const { startMockTokenEndpoint } = await import(
    pathToFileURL(join(directory, 'node_modules/@client-credentials/mock-token-endpoint/dist/index.js'))
  );
  const mock = await startMockTokenEndpoint();
  try {
    const daemonPem = join(directory, 'daemon.pem');
    writeFileSync(daemonPem, readFileSync(mock.certificateFile, 'utf8') + readFileSync(mock.privateKeyFile, 'utf8'), { mode: 0o600 });
    const program = readmeProgram()
      .replace('https://graph.microsoft.com/v1.0/', mock.apiBaseUrl)
      .replace('https://graph.microsoft.com/.default', mock.scope)
      .replaceAll(/<\{[^>]*\}>/g, '');
    const required = program.replaceAll(/^import (\{.*\}) from '(.*)';$/gm, "const $1 = require('$2');");
    writeFileSync(join(directory, 'program.mjs'), program);
    writeFileSync(join(directory, 'program.cjs'), `(async () => {\n${required}\n})();\n`);
    const env = {
      ...process.env,
      NODE_EXTRA_CA_CERTS: mock.caFile,
      AZURE_AUTHORITY_HOST: mock.authorityHost,
      AZURE_TENANT_ID: mock.tenantId,
      AZURE_CLIENT_ID: mock.clientId,
      AZURE_CLIENT_CERTIFICATE_PATH: daemonPem,
    };
    for (const file of ['program.mjs', 'program.cjs']) {
      const users = (await run(process.execPath, [file], { cwd: directory, env })).trim().split('\n');
      expect(`users printed by ${file}`, users.length, 250);
    }
  } finally {
    await mock.close();
  }
}

function readmeProgram() {
  const [, program] = /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));
  return program;
}

/** The example with plain `fetch`, as it was compiled. */
async function runExample(directory) {
  const program = join(directory, 'plain-fetch.mjs');
  copyFileSync(new URL('../examples/dist/plain-fetch.js', import.meta.url), program);
  const printed = await run(process.execPath, [program], { cwd: directory });
  expect('a token with plain fetch', printed.split('\n', 2).join(' '), "OpaqueAccessToken {   tokenType: 'Bearer',");
}

/** The mock's bin prints one line of JSON when ready, answers, serves its inspector from the installed files, and ends with a signal. */
async function runMock(directory) {
  const folder = join(directory, 'node_modules/@client-credentials/mock-token-endpoint');
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const child = spawn(process.execPath, [join(folder, bin['mock-token-endpoint']), '--json', '--no-tls'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const mock = JSON.parse(line);
    const { clientId, clientSecret, scope } = mock;
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
    const answer = await fetch(mock.tokenEndpoint, { method: 'POST', body: new URLSearchParams(form) });
    expect('a token from the installed mock', (await answer.json()).token_type, 'Bearer');
    const page = await (await fetch(mock.inspectorUrl)).text();
    const files = [...page.matchAll(/(?:src|href)="([^"#:]+)"/g)].map(([, file]) => new URL(file, mock.inspectorUrl));
    expect('files that the inspector’s page names', files.length > 1, true);
    for (const file of files) expect(`the inspector’s ${file.pathname}`, (await fetch(file)).status, 200);
  } finally {
    child.kill('SIGINT');
  }
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
  expect('the mock ended by a signal', code, 0);
}

/** A certificate from one entry point serves the other: both were built from one class. */
async function runPkcs12(directory) {
  copyFileSync(new URL('../test/fixtures/pkcs12/rsa.pfx', import.meta.url), join(directory, 'rsa.pfx'));
  writeFileSync(
    join(directory, 'pkcs12.mjs'),
    `import { readFileSync } from 'node:fs';
     import { buildClientAssertion, entraServer } from '@client-credentials/protocol';
     import { readPkcs12 } from '@client-credentials/protocol/pkcs12';
     const nowMs = Date.now();
     const certificate = await readPkcs12(readFileSync('rsa.pfx'), { passphrase: 'correct horse', nowMs });
     const assertion = await buildClientAssertion({ server: entraServer({ tenant: 'contoso.com' }), clientId: 'me', certificate, nowMs });
     console.log(assertion.split('.').length);`,
  );
  expect('parts of an assertion signed with a PFX', (await run(process.execPath, ['pkcs12.mjs'], { cwd: directory })).trim(), '3');
}

/** Nothing but our packages, undici and node-forge. */
async function checkInstalled(directory) {
  const listed = JSON.parse(
    await run('npm', ['ls', '--omit=dev', '--all', '--json'], { cwd: directory, shell: process.platform === 'win32' }),
  );
  const names = new Set();
  const walk = ({ dependencies = {} }) => {
    for (const [name, dependency] of Object.entries(dependencies)) {
      // An optional peer that is not there is listed too, without a version.
      if (dependency.version === undefined) continue;
      names.add(name);
      walk(dependency);
    }
  };
  walk(listed);
  const ours = ['api-caller', 'protocol', 'token-cache', 'token-source'].map((name) => `@client-credentials/${name}`);
  expect('installed packages', [...names].sort().join(' '), [...ours, 'node-forge', 'undici'].join(' '));
}

/** An import alone loads neither undici nor node-forge. */
async function checkLazy(directory) {
  writeFileSync(
    join(directory, 'lazy.mjs'),
    `import '@client-credentials/token-source';
     import '@client-credentials/api-caller';
     import { createRequire } from 'node:module';
     const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => /[\\\\/](undici|node-forge)[\\\\/]/.test(file));
     await import('undici');
     const after = Object.keys(createRequire(import.meta.url).cache).filter((file) => /[\\\\/]undici[\\\\/]/.test(file));
     console.log(loaded.length === 0 && after.length > 0);`,
  );
  expect(
    'nothing heavy is loaded by an import, and the probe would see it',
    (await run(process.execPath, ['lazy.mjs'], { cwd: directory })).trim(),
    'true',
  );
}

/** Standard output of a command; the mock in this process answers meanwhile. */
async function run(command, args, options) {
  return (await promisify(execFile)(command, args, options)).stdout;
}

function expect(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what}: ${actual}, expected ${expected}`);
  console.log(`${what}: ${actual}`);
}
