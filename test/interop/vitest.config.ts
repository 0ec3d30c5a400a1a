import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The mock runs from its sources, without a build.
  ssr: { resolve: { conditions: ['@client-credentials/source'] } },
  // Each test starts at least one process, and some a browser: where there is none, their files say so and hold no tests.
  test: { include: ['*.test.ts'], passWithNoTests: true, testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: '100%' },
});
