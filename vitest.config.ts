import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests run from the sources, without a build: this condition is named in every package's `exports`.
  ssr: { resolve: { conditions: ['@client-credentials/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 20_000,
    coverage: { provider: 'v8', include: ['packages/*/src/**/*.ts'], exclude: ['**/index.ts'] },
  },
});
