import type { Config } from 'jest';

const transform = { '^.+\\.ts$': './test/support/strip-types.ts' };
const environment = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform,
  testPathIgnorePatterns: ['/node_modules/', '/cdk.out/', '/.longhaul/'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out/', '<rootDir>/.longhaul/'],
};

const project = (displayName: string) => ({
  ...environment,
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
});

export default {
  projects: ['unit', 'contract', 'model', 'infra', 'integration'].map(project),
  reporters: ['default', './test/support/count-reporter.ts'],
  // Generous: a machine under load is slow, and a hook that runs out of time leaves its emulators behind.
  testTimeout: 90_000,
  coverageProvider: 'v8',
} satisfies Config;
