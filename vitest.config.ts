import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';

const TESTS = 'packages/mock-token-endpoint/test';

export default defineConfig({
  // Tests run from the sources, without a build: this condition is named in every package's `exports`.
  ssr: { resolve: { conditions: ['@client-credentials/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // test/interop has dependencies of its own: npm run interop.
    exclude: [...configDefaults.exclude, 'test/interop/**', ...testsWithout('openssl'), ...testsWithout('curl')],
    testTimeout: 20_000,
    // The default leaves one processor idle, which on a machine of two is half of it.
    maxWorkers: '100%',
    coverage: { provider: 'v8', include: ['packages/*/src/**/*.ts'], exclude: ['**/index.ts'] },
  },
});

/** The tests that look through a program which is neither Node nor npm, where it is not installed: passed over with a line, but never by CI. */
function testsWithout(program: string): string[] {
  if (spawnSync(program, ['--version']).error === undefined) return [];
  if (process.env['CI']) throw new Error(`${program} is not installed, and CI passes over nothing`);
  const tests = readdirSync(TESTS).filter((file) => readFileSync(`${TESTS}/${file}`, 'utf8').includes(`from './${program}.ts'`));
  console.warn(`${program} is not installed: ${tests.length} files of tests that look through it are passed over`);
  return tests.map((file) => `${TESTS}/${file}`);
}
