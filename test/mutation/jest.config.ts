import type { Config } from 'jest';

/** The judges of a mutant: what runs in memory, and the same way each time. No emulators, no random histories. */
export default {
  rootDir: '../..',
  roots: ['<rootDir>/shared', '<rootDir>/test'],
  testMatch: [
    '<rootDir>/test/unit/{job,service}/**/*.test.ts',
    '<rootDir>/test/unit/documents.test.ts',
    '<rootDir>/test/unit/lambda/lane.test.ts',
    '<rootDir>/test/unit/operations/{diagnose,invoke-function,purge,reprocess,registry}.test.ts',
    '<rootDir>/test/unit/operations/bulk/*.test.ts',
  ],
  testEnvironment: './test/mutation/until-first-failure.ts',
  setupFilesAfterEnv: ['./test/mutation/no-shrinking.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': './test/support/strip-types.ts' },
  runner: './test/mutation/killers-first.ts',
} satisfies Config;
