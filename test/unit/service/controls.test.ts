import { describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '../../../shared/operations/registry.ts';
import { changeSettings } from '../../../shared/service/change-settings.ts';
import { putInForce } from '../../../shared/service/controls.ts';
import { presentSettings, type SettingsChange, settingsNow } from '../../../shared/service/settings.ts';
import { ADMIN } from '../../support/callers.ts';
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
type House = ReturnType<typeof aHouse>;

const set = (wanted: SettingsChange, house: House) => changeSettings(wanted, ADMIN, house);
const shown = async ({ settings, deployed }: House) => presentSettings(await settingsNow(settings), deployed);
const inForce = async ({ controls: { purge, concurrency } }: House) => ({
  ...(await purge.inForce()),
  standard: await concurrency.standard.inForce(),
  bulk: await concurrency.bulk.inForce(),
});
/** What a deployment does: it knows nothing of what admins have set. */
function deployAgain({ controls: { purge, concurrency } }: House) {
  purge.deploy(DEPLOYED.purge);
  concurrency.standard.deploy(DEPLOYED.concurrency.standard);
  concurrency.bulk.deploy(DEPLOYED.concurrency.bulk);
}

const AT_TWO = 'cron(0 2 * * ? *)';

describe('a setting that is about something outside', () => {
  it('is what the deployment says, as long as nobody has set it', async () => {
    expect(await shown(aHouse())).toMatchObject({
      purgeSchedule: 'cron(0 1 * * ? *)',
      timeZone: 'UTC',
      concurrency: { standard: 100, bulk: 50 },
    });
  });

  it('is in force at once, and is all that changes', async () => {
    const house = aHouse();
    await set({ purgeSchedule: AT_TWO }, house);
    await set({ timeZone: 'Europe/Berlin' }, house);
    await set({ concurrency: { bulk: 7 } }, house);
    expect(await inForce(house)).toEqual({
      expression: AT_TWO,
      timeZone: 'Europe/Berlin',
      standard: 100,
      bulk: 7,
    });
    expect(house.controls.concurrency.standard.settings).toEqual([]);
    expect(await shown(house)).toMatchObject({
      purgeSchedule: AT_TWO,
      timeZone: 'Europe/Berlin',
      concurrency: { standard: 100, bulk: 7 },
    });
  });

  it.each<[SettingsChange, object]>([
    [{ purgeSchedule: AT_TWO }, { expression: AT_TWO }],
    [{ timeZone: 'Asia/Tokyo' }, { timeZone: 'Asia/Tokyo' }],
    [{ concurrency: { standard: 3 } }, { standard: 3 }],
    [{ concurrency: { bulk: 3 } }, { bulk: 3 }],
  ])('is in force when it is all that is set: %j', async (wanted, now) => {
    const house = aHouse();
    await set(wanted, house);
    expect(await inForce(house)).toEqual({ ...DEPLOYED.purge, ...DEPLOYED.concurrency, ...now });
  });

  it('is not put in force by a change of something else: the scan does that', async () => {
    const house = aHouse();
    await set({ timeZone: 'Asia/Tokyo' }, house);
    deployAgain(house);
    await set({ retentionDays: 9 }, house);
    expect(await inForce(house)).toMatchObject({ timeZone: 'UTC' });
  });

  it('goes back to what the deployment says when it is set to null', async () => {
    const house = aHouse();
    await set({ purgeSchedule: AT_TWO, concurrency: { standard: 9 } }, house);
    await set({ purgeSchedule: null, concurrency: { standard: null } }, house);
    expect(await inForce(house)).toEqual({ ...DEPLOYED.purge, ...DEPLOYED.concurrency });
    expect(await shown(house)).toMatchObject({ concurrency: DEPLOYED.concurrency });
  });

  it('is left alone by a change of another one', async () => {
    const house = aHouse();
    house.controls.purge.refuse(new Error('must not be asked'));
    await set({ retentionDays: 2 }, house);
    expect(house.controls.purge.settings).toEqual([]);
  });

  it('is kept, and said not to be in force, when it cannot be carried out; the others are', async () => {
    const house = aHouse();
    house.controls.purge.refuse(new Error('Rate exceeded'));
    const wanted = { purgeSchedule: AT_TWO, concurrency: { bulk: 5 } };
    await expect(set(wanted, house)).rejects.toMatchObject({
      code: 'NotInForce',
      message: expect.stringMatching(/settings are kept.+the purge schedule \(Error: Rate exceeded\)\./),
    });
    expect(await inForce(house)).toMatchObject({ ...DEPLOYED.purge, bulk: 5 });
    expect(await shown(house)).toMatchObject({ version: 1, purgeSchedule: AT_TWO });

    house.controls.purge.refuse(undefined);
    expect(await set(wanted, house)).toMatchObject({ version: 1 });
    expect(await inForce(house)).toMatchObject({ expression: AT_TWO });
  });
});

describe('putting settings in force', () => {
  it('is nothing to do where no admin has ever set any', async () => {
    const house = aHouse();
    house.controls.purge.deploy({ expression: 'rate(1 day)', timeZone: 'UTC' });
    expect(await putInForce(house)).toEqual([]);
  });

  it.each<[string, SettingsChange, number]>([
    ['once where nothing is set that is about something outside', { retentionDays: 9 }, 1],
    ['twice where something is, for somebody may change it meanwhile', { timeZone: 'Asia/Tokyo' }, 2],
  ])('reads the settings %s', async (_what, wanted, times) => {
    const house = aHouse();
    await set(wanted, house);
    let reads = 0;
    const settings = {
      read() {
        reads++;
        return house.settings.read();
      },
    };
    expect([await putInForce({ ...house, settings }), reads]).toEqual([[], times]);
  });

  it('leaves a lane alone that no admin has set, where the other one is', async () => {
    const house = aHouse();
    await set({ concurrency: { standard: 3 } }, house);
    house.controls.concurrency.bulk.deploy(9);
    expect([await putInForce(house), await inForce(house)]).toMatchObject([[], { standard: 3, bulk: 9 }]);
  });

  it('gives up after five tries where each change is followed by another: whoever made the last goes on', async () => {
    const house = aHouse();
    const { bulk } = house.controls.concurrency;
    await set({ concurrency: { bulk: 4 } }, house);
    bulk.settings.splice(0);
    let version = 1;
    const settings = {
      read: async () => ({
        version: ++version,
        values: { concurrency: { bulk: 4 + version } },
        modifiedOn: '',
        modifiedBy: '',
      }),
    };
    expect(await putInForce({ ...house, settings })).toEqual(['the concurrency of the lane bulk']);
    expect(bulk.settings).toHaveLength(5);
  });

  it('touches nothing that no admin has set', async () => {
    const house = aHouse();
    await set({ retentionDays: 3 }, house);
    house.controls.purge.deploy({ expression: 'rate(1 day)', timeZone: 'UTC' });
    expect([await putInForce(house), await inForce(house)]).toMatchObject([
      [],
      { expression: 'rate(1 day)' },
    ]);
  });

  it('undoes what a deployment has gone back to, once', async () => {
    const house = aHouse();
    await set({ timeZone: 'Asia/Tokyo', concurrency: { standard: 2 } }, house);
    deployAgain(house);
    expect(await putInForce(house)).toEqual(['the purge schedule', 'the concurrency of the lane standard']);
    expect(await inForce(house)).toMatchObject({
      expression: 'cron(0 1 * * ? *)',
      timeZone: 'Asia/Tokyo',
      standard: 2,
    });
    expect(await putInForce(house)).toEqual([]);
  });

  it('finishes what was not in force, also where that is the number of the deployment', async () => {
    const house = aHouse();
    await set({ concurrency: { bulk: 5 } }, house);
    house.controls.concurrency.bulk.refuse(new Error('no'));
    await expect(set({ concurrency: { bulk: null } }, house)).rejects.toMatchObject({ code: 'NotInForce' });
    house.controls.concurrency.bulk.refuse(undefined);
    await putInForce(house);
    expect(await inForce(house)).toMatchObject({ bulk: 50 });
  });

  it('ends with the last change when somebody changes it meanwhile', async () => {
    const house = aHouse();
    const { bulk } = house.controls.concurrency;
    let isFirst = true;
    const slow = {
      inForce: () => bulk.inForce(),
      async set(value: number) {
        if (isFirst) {
          isFirst = false;
          await set({ concurrency: { bulk: 8 } }, house);
        }
        await bulk.set(value);
      },
    };
    const controls = { ...house.controls, concurrency: { ...house.controls.concurrency, bulk: slow } };
    await changeSettings({ concurrency: { bulk: 4 } }, ADMIN, { ...house, controls });
    expect([bulk.settings, await inForce(house)]).toMatchObject([[8, 4, 8], { bulk: 8 }]);
  });
});
