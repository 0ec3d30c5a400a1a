/** Every check but the tests: style, types, dead code, API texts, and the packages as they would be published. Prints each by name. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiText } from './api-text.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const packages = readdirSync(join(root, 'packages'));
const updateApi = process.argv.includes('--update-api');
const BUILD = 'build: strict types of packages and examples, one file per entry point';
const failed = [];
let passed = 0;

check('biome: style, lint, import cycles', () => bin('@biomejs/biome/bin/biome', 'ci', '.'));
check(BUILD, () => node('scripts/build.mjs'));
// What follows reads what was built.
if (failed.includes(BUILD)) process.exit(summary());
check('types: tests', () => bin('typescript/bin/tsc', '-p', 'tsconfig.test.json'));
check('types: the inspector’s page', () => bin('typescript/bin/tsc', '-p', 'packages/mock-token-endpoint/inspector'));
check('types: the contract, with exactOptionalPropertyTypes', () => bin('typescript/bin/tsc', '-p', 'test/types'));
check('types: the contract, without exactOptionalPropertyTypes', () =>
  bin('typescript/bin/tsc', '-p', 'test/types', '--exactOptionalPropertyTypes', 'false'),
);
check('knip: no unused file, export or dependency', () => bin('knip/bin/knip.js'));
for (const name of packages) check(`API text: ${name}`, () => checkApiText(name));

const tarballs = mkdtempSync(join(tmpdir(), 'client-credentials-'));
try {
  for (const name of packages) {
    check(`pack: ${name}`, () =>
      node('scripts/pnpm.mjs', '--silent', '--filter', `@client-credentials/${name}`, 'pack', '--pack-destination', tarballs),
    );
  }
  for (const file of readdirSync(tarballs).sort()) {
    check(`publint: ${file}`, () => bin('publint/src/cli.js', join(tarballs, file), '--strict'));
    check(`are the types wrong: ${file}`, () => bin('@arethetypeswrong/cli/dist/index.js', join(tarballs, file), '--profile', 'esm-only'));
  }
  check('tarballs: installed by npm, the README’s program runs by import and by require', () =>
    node('scripts/check-installed.mjs', tarballs),
  );
} finally {
  rmSync(tarballs, { recursive: true });
}

process.exitCode = summary();

/** Prints the counts, and returns the exit code that they mean. */
function summary() {
  console.log(`\nchecks: ${passed} passed, ${failed.length} failed${failed.map((name) => `\n  ${name}`).join('')}`);
  return failed.length === 0 ? 0 : 1;
}

function check(name, run) {
  const startedAtMs = performance.now();
  try {
    run();
    passed += 1;
    console.log(`ok      ${name} (${Math.round(performance.now() - startedAtMs)} ms)`);
  } catch (error) {
    failed.push(name);
    console.log(`FAILED  ${name}\n${error.message.replace(/^/gm, '        ')}`);
  }
}

/** Runs a tool of node_modules by its file, which needs no shell and no global command. */
function bin(file, ...args) {
  node(join('node_modules', file), ...args);
}

function node(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
}

function checkApiText(name) {
  const directory = join(root, 'packages', name);
  const file = join(directory, `${name}.api.txt`);
  const text = apiText(directory);
  if (updateApi) writeFileSync(file, text);
  if (readFileSync(file, 'utf8') !== text)
    throw new Error(`packages/${name}/${name}.api.txt is not what the package exports; if that is meant: npm run check -- --update-api`);
}
