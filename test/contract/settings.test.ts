import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoSettings } from '../../shared/aws/dynamo-settings.ts';
import type { SettingsStore } from '../../shared/service/settings.ts';
import { at } from '../support/a-job.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemorySettings } from '../support/memory/memory-settings.ts';

const next = (version: number, retentionDays = version) => ({
  now: {
    version,
    values: { retentionDays, maxCompletedJobs: null, concurrency: { bulk: version } },
    modifiedOn: at(version),
    modifiedBy: 'adam',
  },
  change: {
    version,
    at: at(version),
    by: 'adam',
    changes: { retentionDays: { from: 0, to: retentionDays } },
  },
});
const write = (store: SettingsStore, { now, change }: ReturnType<typeof next>) => store.write(now, change);

/** What every store of settings must do. */
function settingsSuite(fresh: () => Promise<SettingsStore>): void {
  it('has none as long as nobody has set any', async () => {
    const store = await fresh();
    expect([await store.read(), await store.changes({ before: 9, limit: 9 })]).toEqual([undefined, []]);
  });

  it('shows the last ones, and every change, newest first', async () => {
    const store = await fresh();
    for (let version = 1; version <= 12; version++) expect(await write(store, next(version))).toBe(true);
    expect(await store.read()).toEqual(next(12).now);
    const versions = async (before: number, limit: number) =>
      (await store.changes({ before, limit })).map(({ version }) => version);
    expect(await versions(Number.MAX_SAFE_INTEGER, 3)).toEqual([12, 11, 10]);
    expect(await versions(10, 99)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(await store.changes({ before: 3, limit: 1 })).toEqual([next(2).change]);
  });

  it('takes one of two changes of the same version, and keeps nothing of the other', async () => {
    const store = await fresh();
    await write(store, next(1));
    const both = await Promise.all([write(store, next(2, 20)), write(store, next(2, 30))]);
    expect(both.filter(Boolean)).toHaveLength(1);
    const { values } = (await store.read()) ?? {};
    const [latest] = await store.changes({ before: 3, limit: 1 });
    expect(latest?.changes['retentionDays']?.to).toBe(values?.retentionDays);
  });

  it('refuses a change on top of a version that is not there', async () => {
    const store = await fresh();
    expect(await write(store, next(2))).toBe(false);
    await write(store, next(1));
    expect([await write(store, next(1, 7)), await write(store, next(3))]).toEqual([false, false]);
    expect(await store.read()).toEqual(next(1).now);
  });
}

describe('the settings in memory', () => settingsSuite(async () => new MemorySettings()));

describe('the settings on DynamoDB', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  settingsSuite(async () => new DynamoSettings(emulators.tables, (await emulators.freshTables()).settings));
});
