import { afterAll, beforeAll, describe } from '@jest/globals';
import { anOperation, aWorld } from '../support/a-world.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { serviceOn } from '../support/on-emulators.ts';
import { auditSuite } from './suites/audit.ts';

describe('the audit in memory', () => {
  auditSuite(async () => aWorld());
});

describe('the audit on DynamoDB', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  auditSuite(() => serviceOn(emulators, anOperation()));
});
