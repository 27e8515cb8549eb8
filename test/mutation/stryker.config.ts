/**
 * Mutation testing of the two rooms that decide everything: `npm run mutate`. Which files:
 * `npm run mutate -- --mutate 'shared/service/take.ts'`.
 */
export default {
  mutate: ['shared/job/**/*.ts', 'shared/service/**/*.ts'],
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  packageManager: 'npm',
  // Our modules are ES modules, which jest runs in Node's vm.
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: {
    projectType: 'custom',
    configFile: 'test/mutation/jest.config.ts',
    // Nearly every test of the service is related to nearly every file; what covers a line says more.
    enableFindRelatedTests: false,
  },
  coverageAnalysis: 'perTest',
  // Stryker rewrites it with the compiler's API, which TypeScript 7 does not have; and nothing here compiles.
  tsconfigFile: 'none',
  // A mutant that waits for ever is found by this much more than its tests need.
  timeoutMS: 5_000,
  timeoutFactor: 2,
  concurrency: 1,
  // The one folder that git, linters and tests pass over already.
  tempDirName: '.longhaul/mutants',
  cleanTempDir: 'always',
  ignorePatterns: ['cdk.out', '.longhaul', 'bench', 'console'],
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  clearTextReporter: { reportTests: false, reportScoreTable: true, logTests: false, allowColor: false },
  htmlReporter: { fileName: '.longhaul/mutation/report.html' },
  jsonReporter: { fileName: '.longhaul/mutation/report.json' },
  thresholds: { high: 95, low: 90, break: null },
};
