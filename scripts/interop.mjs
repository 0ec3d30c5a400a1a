/**
 * Checks the types of the tests with clients that are not ours, and runs them. Their dependencies are installed beside them; the last
 * line has the counts, and what broke or was passed over counts as failed.
 *
 *     npm run interop -- msal      the tests of one file
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = join(root, 'test/interop');
const scratch = mkdtempSync(join(tmpdir(), 'client-credentials-'));
const FAILED = { passed: 0, failed: 1 };

try {
  const installed = node(root, 'scripts/pnpm.mjs', '--dir', folder, '--ignore-workspace', 'install', '--frozen-lockfile');
  const counts = installed ? [checkTypes(), runTests()] : [FAILED];
  const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
  console.log(`interop: ${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true });
}

function checkTypes() {
  return node(root, 'node_modules/typescript/bin/tsc', '-p', folder) ? { passed: 1, failed: 0 } : FAILED;
}

function runTests() {
  const report = join(scratch, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const succeeded = node(folder, 'node_modules/vitest/vitest.mjs', 'run', ...reporters, ...process.argv.slice(2));
  if (!existsSync(report)) return FAILED;
  const { numPassedTests: passed, numTotalTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const brokenFiles = testResults.filter(isBroken).length;
  const failed = numTotalTests - passed + brokenFiles;
  // One that failed without a failed test, such as by an unhandled rejection, failed once.
  return { passed, failed: succeeded ? failed : Math.max(failed, 1) };
}

/** A file that failed without a test of it that did: it could not be loaded. */
function isBroken({ status, assertionResults }) {
  return status === 'failed' && assertionResults.every((result) => result.status !== 'failed');
}

function node(cwd, ...args) {
  return spawnSync(process.execPath, args, { cwd, stdio: 'inherit' }).status === 0;
}
