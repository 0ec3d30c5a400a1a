/** Mutation testing of the files that build and read what goes over the wire; see CONTRIBUTING.md. */
export default {
  // Named, since pnpm's folders hide them from the search for plugins.
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { dir: 'packages/protocol' },
  mutate: ['assertion/**/*', 'token-request/**/*', 'token-response/**/*', 'challenge/**/*', 'entra/key-vault-challenge'].map(
    (files) => `packages/protocol/src/${files}.ts`,
  ),
  coverageAnalysis: 'perTest',
  // Stryker would rewrite tsconfig files with the compiler's API, which TypeScript 7 has not; vitest needs none.
  tsconfigFile: 'none',
  ignorePatterns: ['**/dist'],
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 85, break: 85 },
  concurrency: 2,
};
