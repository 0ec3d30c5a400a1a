/**
 * Runs what takes too long for `npm test`: caches that share a store, with processes that are killed and servers that fail, a source
 * beside MSAL in every bad weather, and large collections and files over an API that fails. The last line has the counts; what broke or was passed over counts as failed.
 *
 *     npm run endurance -- --long      for some ten minutes
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const extent = process.argv.includes('--long') ? 'long' : 'ci';

if (spawnSync('redis-server', ['--version']).error === undefined) {
  const { passed, failed } = runTests();
  console.log(`endurance: ${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} else {
  console.error('redis-server is not installed, and without it there is nothing to endure: install it, in Debian as redis-server');
  process.exitCode = 1;
}

function runTests() {
  const scratch = mkdtempSync(join(tmpdir(), 'client-credentials-'));
  try {
    const report = join(scratch, 'report.json');
    // One file at a time, so that what the figures tell is not of another file's making.
    const options = ['--no-file-parallelism', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const args = ['node_modules/vitest/vitest.mjs', 'run', ...options, 'test/shared-cache/', 'test/faults/', 'test/api-calls/'];
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ENDURANCE: extent } });
    return existsSync(report) ? countsOf(JSON.parse(readFileSync(report, 'utf8')), status === 0) : { passed: 0, failed: 1 };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function countsOf({ numPassedTests: passed, numTotalTests, testResults }, succeeded) {
  const failed = numTotalTests - passed + testResults.filter(isBroken).length;
  // One that failed without a failed test, such as by an unhandled rejection, failed once.
  return { passed, failed: succeeded ? failed : Math.max(failed, 1) };
}

/** A file that failed without a test of it that did: it could not be loaded. */
function isBroken({ status, assertionResults }) {
  return status === 'failed' && assertionResults.every((result) => result.status !== 'failed');
}
