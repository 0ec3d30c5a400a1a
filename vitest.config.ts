import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';

const TESTS = ['packages', 'test'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
    .map((file) => `${folder}/${file}`),
);

export default defineConfig({
  // Tests run from the sources, without a build: this condition is named in every package's `exports`.
  ssr: { resolve: { conditions: ['@client-credentials/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // test/interop has dependencies of its own: npm run interop.
    exclude: [
      ...configDefaults.exclude,
      'test/interop/**',
      // Long: npm run endurance.
      ...(process.env['ENDURANCE'] === undefined
        ? ['test/shared-cache/redis-cluster-faults.test.ts', 'test/faults/**', 'test/api-calls/**']
        : []),
      ...testsWithout('openssl', "from './openssl.ts'"),
      ...testsWithout('curl', "from './curl.ts'"),
      ...testsWithout('redis-server', "support/redis-server.ts'"),
      ...testsWithout('softhsm2-util', "from './softhsm.ts'"),
    ],
    testTimeout: 20_000,
    // The default leaves one processor idle, which on a machine of two is half of it.
    maxWorkers: '100%',
    coverage: { provider: 'v8', include: ['packages/*/src/**/*.ts'], exclude: ['**/index.ts'] },
  },
});

/** The tests that use a program which is neither Node nor npm, where it is not installed: passed over with a line, but never by CI. */
function testsWithout(program: string, importedFile: string): string[] {
  if (spawnSync(program, ['--version']).error === undefined) return [];
  if (process.env['CI']) throw new Error(`${program} is not installed, and CI passes over nothing`);
  const tests = TESTS.filter((file) => readFileSync(file, 'utf8').includes(importedFile));
  console.warn(`${program} is not installed: ${tests.length} files of tests that use it are passed over`);
  return tests;
}
