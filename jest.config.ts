import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

const transform = { '^.+\\.ts$': './test/support/strip-types.ts' };
const environment = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform,
  testPathIgnorePatterns: ['/node_modules/', '/cdk.out/', '/.longhaul/'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out/', '<rootDir>/.longhaul/'],
};

// Only where all files share one database that was started for them.
const sharesDatabase = process.env['LONGHAUL_TESTS_FORGET_TABLES'] === 'yes';
const setup = sharesDatabase ? { setupFilesAfterEnv: ['<rootDir>/test/support/forget-tables.ts'] } : {};

const project = (displayName: string) => ({
  ...environment,
  ...setup,
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
});

/** Half of the tests wait for a service most of the time: on two processors two files at once keep both at work. */
const FEWEST_WORKERS = 2;

export default {
  maxWorkers: Math.max(FEWEST_WORKERS, availableParallelism() - 1),
  projects: ['unit', 'contract', 'model', 'infra', 'integration'].map(project),
  globalSetup: './test/support/make-temporary-folder.ts',
  globalTeardown: './test/support/remove-temporary-folder.ts',
  reporters: ['default', './test/support/count-reporter.ts'],
  // Generous: a machine under load is slow, and a hook that runs out of time leaves its emulators behind.
  testTimeout: 180_000,
  coverageProvider: 'v8',
} satisfies Config;
