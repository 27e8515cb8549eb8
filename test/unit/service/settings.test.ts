import { describe, expect, it } from '@jest/globals';
import {
  changeSettings,
  DEFAULT_SETTINGS,
  etagOf,
  retentionOf,
  type SettingsStore,
  settingsNow,
} from '../../../shared/service/settings.ts';
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';
import { MemorySettings } from '../../support/memory/memory-settings.ts';
import { settableClock } from '../../support/memory/settable-clock.ts';

const aHouse = () => ({ settings: new MemorySettings(), clock: settableClock() });

describe('a change of settings', () => {
  it('sets what it names, and leaves the rest as it is', async () => {
    const house = aHouse();
    await changeSettings({ maxCompletedJobs: 100 }, ADMIN, house);
    const now = await changeSettings({ retentionDays: 30 }, ADMIN, house);
    expect(now).toMatchObject({
      version: 2,
      values: { retentionDays: 30, maxCompletedJobs: 100 },
      modifiedBy: 'adam',
    });
    expect(await retentionOf(house.settings)).toEqual({ retentionDays: 30, maxCompletedJobs: 100 });
  });

  it('writes down who changed what from what to what, and only what has changed', async () => {
    const house = aHouse();
    await changeSettings({ retentionDays: 30, maxCompletedJobs: null }, { ...ADMIN, name: 'Adam' }, house);
    expect(await house.settings.changes({ before: 9, limit: 9 })).toEqual([
      {
        version: 1,
        at: '2026-11-22T12:00:00.000Z',
        by: 'adam',
        byName: 'Adam',
        changes: { retentionDays: { from: 1, to: 30 } },
      },
    ]);
  });

  it.each([{}, { retentionDays: 1 }])('that changes nothing is none: %j', async (wanted) => {
    const house = aHouse();
    expect(await changeSettings(wanted, ADMIN, house)).toEqual({
      version: 0,
      values: DEFAULT_SETTINGS,
    });
    expect(await house.settings.changes({ before: 9, limit: 9 })).toEqual([]);
  });

  it.each([OPERATOR, READER])('is for admins: $role', async (caller) => {
    await expect(changeSettings({ retentionDays: 2 }, caller, aHouse())).rejects.toMatchObject({
      code: 'NotAllowed',
    });
  });

  it.each([
    [{ retentionDays: -1 }, ['/retentionDays']],
    [{ retentionDays: 1.5 }, ['/retentionDays']],
    [{ retentionDays: '7' }, ['/retentionDays']],
    [{ retentionDays: 3_651, maxCompletedJobs: -1 }, ['/retentionDays', '/maxCompletedJobs']],
    [{ retentionDays: null }, ['/retentionDays']],
    [{ colour: 'red', purgeSchedule: '02:00' }, ['/colour', '/purgeSchedule']],
    [[], ['']],
    ['x', ['']],
  ])('is refused with a pointer to each fault: %j', async (body, pointers) => {
    const refused = changeSettings(body, ADMIN, aHouse());
    await expect(refused).rejects.toMatchObject({ faults: pointers.map((pointer) => ({ pointer })) });
  });

  it('on top of what its author has seen is refused when somebody was faster', async () => {
    const house = aHouse();
    const seen = etagOf(await settingsNow(house.settings));
    await changeSettings({ retentionDays: 2 }, ADMIN, house, seen);
    await expect(changeSettings({ retentionDays: 3 }, ADMIN, house, seen)).rejects.toMatchObject({
      code: 'PreconditionFailed',
    });
    for (const ifMatch of ['*', '"1"', '"0", "1"', '"2"'])
      await changeSettings({ retentionDays: 4 }, ADMIN, house, ifMatch).catch(() => undefined);
    expect((await settingsNow(house.settings)).values.retentionDays).toBe(4);
  });

  it('without a version goes on top of the one of whoever was faster', async () => {
    const { clock, settings } = aHouse();
    let isFirst = true;
    const crowded: SettingsStore = {
      read: () => settings.read(),
      changes: (range) => settings.changes(range),
      async write(next, change) {
        if (isFirst) {
          isFirst = false;
          await changeSettings({ maxCompletedJobs: 5 }, ADMIN, { settings, clock });
        }
        return settings.write(next, change);
      },
    };
    const { values } = await changeSettings({ retentionDays: 9 }, ADMIN, { settings: crowded, clock });
    expect(values).toEqual({ retentionDays: 9, maxCompletedJobs: 5 });
  });
});
