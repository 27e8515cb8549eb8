import { describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '../../../shared/operations/registry.ts';
import { changeSettings } from '../../../shared/service/change-settings.ts';
import { InvalidInput } from '../../../shared/service/errors.ts';
import {
  allOf,
  etagOf,
  retentionOf,
  type SettingsStore,
  settingsHistory,
  settingsNow,
} from '../../../shared/service/settings.ts';
import { anOperation } from '../../support/a-world.ts';
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';
import { DEPLOYED, memoryControls } from '../../support/memory/memory-controls.ts';
import { MemorySettings } from '../../support/memory/memory-settings.ts';
import { settableClock } from '../../support/memory/settable-clock.ts';

const aHouse = () => ({
  settings: new MemorySettings(),
  clock: settableClock(),
  controls: memoryControls(),
  deployed: DEPLOYED,
  operations: OPERATIONS,
});

/** Of so many switches for mails, all of operations that nobody knows. */
const faultsOfSwitches = async (many: number): Promise<unknown> => {
  const email = Object.fromEntries(Array.from({ length: many }, (_, n) => [`unknown-${n}`, true]));
  const refused: unknown = await changeSettings({ notifications: { email } }, ADMIN, aHouse()).catch(
    (error: unknown) => error,
  );
  return refused instanceof InvalidInput && refused.faults;
};

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
      values: {},
    });
    expect(await house.settings.changes({ before: 9, limit: 9 })).toEqual([]);
  });

  it('switches of mails are changed one by one', async () => {
    const house = aHouse();
    await changeSettings({ notifications: { email: { purge: true, diagnose: true } } }, ADMIN, house);
    await changeSettings({ notifications: { email: { purge: false } } }, ADMIN, house);
    const { values } = await changeSettings({ notifications: { events: 'all' } }, ADMIN, house);
    expect(values.notifications).toEqual({ email: { purge: false, diagnose: true }, events: 'all' });
    const consoleUrl = async (given: string | null) =>
      (await changeSettings({ notifications: { consoleUrl: given } }, ADMIN, house)).values.notifications
        ?.consoleUrl;
    expect(await consoleUrl('https://Example.com')).toBe('https://example.com/');
    expect(await consoleUrl('http://localhost:4000/#')).toBe('http://localhost:4000/#');
    expect(await consoleUrl(null)).toBeNull();
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
    [{ colour: 'red', thresholds: {} }, ['/colour', '/thresholds']],
    [{ maxLogLines: 999 }, ['/maxLogLines']],
    [{ maxLogLines: null }, ['/maxLogLines']],
    [{ purgeSchedule: '02:00', timeZone: 'Berlin' }, ['/purgeSchedule', '/timeZone']],
    [{ purgeSchedule: 'cron(0 1 * * *)' }, ['/purgeSchedule']],
    [{ purgeSchedule: 'cron(60 24 * * ? *)' }, ['/purgeSchedule', '/purgeSchedule']],
    [{ timeZone: '+01:00' }, ['/timeZone']],
    [{ concurrency: { standard: 1, bulk: 1_001 } }, ['/concurrency/standard', '/concurrency/bulk']],
    [{ concurrency: { standard: '4', express: 4 } }, ['/concurrency/standard', '/concurrency/express']],
    [{ concurrency: null }, ['/concurrency']],
    [{ concurrency: 4 }, ['/concurrency']],
    [{ notifications: { events: 'some' } }, ['/notifications/events']],
    ...[
      'example.com',
      'http://example.com',
      'javascript:alert(1)',
      'https://olga:secret@example.com',
      'https://example.com/?a=b',
      `https://example.com/${'x'.repeat(500)}`,
      42,
    ].map((consoleUrl) => [{ notifications: { consoleUrl } }, ['/notifications/consoleUrl']] as const),
    [
      { notifications: { email: { purge: 'on' }, sms: {} } },
      ['/notifications/email/purge', '/notifications/sms'],
    ],
    [{ notifications: { email: { 'No Name': true } } }, ['/notifications/email/No Name']],
    [{ notifications: { email: { 'proces-assets': true } } }, ['/notifications/email/proces-assets']],
    [[], ['']],
    ['x', ['']],
  ])('is refused with a pointer to each fault: %j', async (body, pointers) => {
    const house = aHouse();
    const refused = changeSettings(body, ADMIN, house);
    await expect(refused).rejects.toMatchObject({ faults: pointers.map((pointer) => ({ pointer })) });
    expect(await settingsNow(house.settings)).toEqual({ version: 0, values: {} });
  });

  it('says what would be right of a schedule', async () => {
    const refused = changeSettings({ purgeSchedule: '02:00' }, ADMIN, aHouse());
    await expect(refused).rejects.toMatchObject({
      faults: [{ pointer: '/purgeSchedule', detail: 'Must be like cron(0 1 * * ? *) or rate(12 hours).' }],
    });
  });

  it('of more switches than there may be operations is refused as a whole', async () => {
    const detail = 'Must not name more than 200 operations.';
    expect(await faultsOfSwitches(201)).toEqual([{ pointer: '/notifications/email', detail }]);
    expect(await faultsOfSwitches(200)).toHaveLength(200);
  });

  it('of versions to come is refused by name', async () => {
    await expect(changeSettings({ thresholds: {} }, ADMIN, aHouse())).rejects.toMatchObject({
      faults: [{ pointer: '/thresholds', detail: expect.stringContaining('does not serve this field yet') }],
    });
  });

  it('of a mail about no operation names those there are', async () => {
    const house = {
      ...aHouse(),
      operations: new Map(['purge', 'diagnose'].map((name) => [name, anOperation({ name })])),
    };
    const switches = { notifications: { email: { purge: true, 'proces-assets': true } } };
    await expect(changeSettings(switches, ADMIN, house)).rejects.toMatchObject({
      faults: [
        {
          pointer: '/notifications/email/proces-assets',
          detail: 'There is no such operation; there are: purge, diagnose.',
        },
      ],
    });
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
    const house = aHouse();
    const { settings } = house;
    let isFirst = true;
    const crowded: SettingsStore = {
      read: () => settings.read(),
      changes: (range) => settings.changes(range),
      async write(next, change) {
        if (isFirst) {
          isFirst = false;
          await changeSettings({ maxCompletedJobs: 5 }, ADMIN, house);
        }
        return settings.write(next, change);
      },
    };
    const { values } = await changeSettings({ retentionDays: 9 }, ADMIN, { ...house, settings: crowded });
    expect(values).toEqual({ retentionDays: 9, maxCompletedJobs: 5 });
  });

  it('of one lane leaves the other as it is, and is written down as a whole', async () => {
    const house = aHouse();
    await changeSettings({ concurrency: { standard: 4 } }, ADMIN, house);
    const now = await changeSettings({ concurrency: { bulk: 3 } }, ADMIN, house);
    expect(allOf(now.values).concurrency).toEqual({ standard: 4, bulk: 3 });
    expect(await house.settings.changes({ before: 9, limit: 1 })).toMatchObject([
      { changes: { concurrency: { from: { standard: 4, bulk: null }, to: { standard: 4, bulk: 3 } } } },
    ]);
  });
});

describe('settings that nobody has made', () => {
  it('are those of the service', () => {
    expect(allOf({})).toEqual({
      retentionDays: 1,
      maxCompletedJobs: null,
      maxLogLines: 100_000,
      purgeSchedule: null,
      timeZone: null,
      concurrency: { standard: null, bulk: null },
      notifications: { email: {}, events: 'completed', consoleUrl: null },
    });
  });

  it('of events are kept as they were set', () => {
    expect(allOf({ notifications: { events: 'all' } }).notifications.events).toBe('all');
  });
});

describe('an If-Match', () => {
  it.each([
    ['any version', '*', true],
    ['the version that is', '"1"', true],
    ['one of several', ' "0" , "1" ', true],
    ['another version', '"2"', false],
  ])('of %s: %s', async (_what, ifMatch, fits) => {
    const house = aHouse();
    await changeSettings({ retentionDays: 2 }, ADMIN, house);
    const change = changeSettings({ retentionDays: 3 }, ADMIN, house, ifMatch);
    await (fits
      ? expect(change).resolves.toMatchObject({ version: 2 })
      : expect(change).rejects.toMatchObject({ code: 'PreconditionFailed' }));
  });
});

describe('settings that somebody else changes each time', () => {
  it('are left alone after five tries, which the caller may repeat', async () => {
    const house = aHouse();
    let writes = 0;
    house.settings.write = async () => ++writes < 0;
    const change = changeSettings({ retentionDays: 3 }, ADMIN, house);
    await expect(change).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('change too fast'),
    });
    expect(writes).toBe(5);
  });
});

const versionsOf = async (query: unknown, changes = 3) => {
  const house = aHouse();
  for (let days = 2; days < 2 + changes; days++) await changeSettings({ retentionDays: days }, ADMIN, house);
  return settingsHistory(query, house.settings);
};

describe('the history of settings', () => {
  it('is told newest first, page by page, and the last page has no cursor', async () => {
    expect(await versionsOf({ limit: '2' })).toMatchObject({
      items: [{ version: 3 }, { version: 2 }],
      nextCursor: '2',
    });
    const last = await versionsOf({ limit: '2', cursor: '2' });
    expect(last).toMatchObject({ items: [{ version: 1, by: 'adam' }] });
    expect(last).not.toHaveProperty('nextCursor');
    expect(await versionsOf({ limit: '3' })).not.toHaveProperty('nextCursor');
    expect(await versionsOf({})).toMatchObject({ items: [{ version: 3 }, { version: 2 }, { version: 1 }] });
    expect(await versionsOf({ cursor: '12' }, 13)).toHaveProperty('items.length', 11);
  });

  it.each([
    { limit: '0' },
    { limit: '1001' },
    { cursor: '0' },
    { cursor: 'x1' },
    { cursor: '1x' },
    { colour: 'red' },
  ])('refuses another query: %j', async (query) => {
    await expect(versionsOf(query)).rejects.toMatchObject({
      code: 'InvalidInput',
      faults: [{ in: 'query' }],
    });
  });
});
