import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests run from the sources, without a build: this condition is named in every package's `exports`.
  ssr: { resolve: { conditions: ['@client-credentials/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // It has dependencies of its own: npm run interop.
    exclude: [...configDefaults.exclude, 'test/interop/**'],
    testTimeout: 20_000,
    // The default leaves one processor idle, which on a machine of two is half of it.
    maxWorkers: '100%',
    coverage: { provider: 'v8', include: ['packages/*/src/**/*.ts'], exclude: ['**/index.ts'] },
  },
});
