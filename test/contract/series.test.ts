import { afterAll, beforeAll, describe } from '@jest/globals';
import { anOperation, aWorld } from '../support/a-world.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { serviceOn } from '../support/on-emulators.ts';
import { seriesListSuite, seriesSuite } from './suites/series.ts';

describe('series in memory', () => {
  seriesSuite(async () => aWorld());
  seriesListSuite(async () => aWorld());
});

describe('series on DynamoDB', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  seriesSuite(() => serviceOn(emulators, anOperation()));
  seriesListSuite(() => serviceOn(emulators, anOperation()));
});
