import { describe, expect, it } from '@jest/globals';
import { v5 } from 'uuid';
import { changeSettings } from '../../../shared/service/change-settings.ts';
import { startScanNow, startUpkeep, startUpkeepNow } from '../../../shared/service/start-upkeep.ts';
import { anOperation, aWorld, hear } from '../../support/a-world.ts';
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';
import { DEPLOYED, memoryControls } from '../../support/memory/memory-controls.ts';
import { MemorySettings } from '../../support/memory/memory-settings.ts';
import { MemoryTurns } from '../../support/memory/memory-turns.ts';

const aHouse = () => {
  const scan = anOperation({ name: 'reprocess', lane: 'standard', isPlatformGenerated: true });
  const world = aWorld(scan);
  return { ...world, scan, turns: new MemoryTurns(), idOf: (name: string) => v5(name, v5.URL) };
};

describe('a turn of a schedule', () => {
  it('is a job of the service’s own, and is rung', async () => {
    const house = aHouse();
    const job = await startUpkeep(house.scan, '12:00', house);
    expect(job).toMatchObject({ operation: 'reprocess', isPlatformGenerated: true });
    expect(house.doorbell.take()).toEqual([{ jobId: job.jobId, lane: 'standard' }]);
  });

  it('is the same job when it fires twice', async () => {
    const house = aHouse();
    const [first, second] = [
      await startUpkeep(house.scan, '12:00', house),
      await startUpkeep(house.scan, '12:00', house),
    ];
    expect([second.jobId, house.jobs.rows()]).toEqual([first.jobId, [first]]);
  });

  it('makes no other job while one of an earlier turn is open, and rings for that one', async () => {
    const house = aHouse();
    const first = await startUpkeep(house.scan, '12:00', house);
    house.doorbell.take();
    const later = await startUpkeep(house.scan, '12:15', house);
    expect([later.jobId, house.jobs.rows().length]).toEqual([first.jobId, 1]);
    expect(house.doorbell.take()).toEqual([{ jobId: first.jobId, lane: 'standard' }]);
  });

  it('leaves the job of an earlier turn in peace that somebody works on', async () => {
    const house = aHouse();
    const { jobId } = await startUpkeep(house.scan, '12:00', house);
    const leaseEndsAt = new Date(house.clock() + 60_000).toISOString();
    const [row] = house.jobs.rows();
    if (row !== undefined) house.jobs.put({ ...row, statusCode: 20, claimNumber: 1, leaseEndsAt });
    house.doorbell.take();
    expect((await startUpkeep(house.scan, '12:15', house)).jobId).toBe(jobId);
    expect(house.doorbell.take()).toEqual([]);
  });

  it('is a job of its own when that of the turn before is over', async () => {
    const house = aHouse();
    const first = await startUpkeep(house.scan, '12:00', house);
    for (const ring of house.doorbell.take()) await hear(ring, house);
    const next = await startUpkeep(house.scan, '12:15', house);
    expect(next.jobId).not.toBe(first.jobId);
    expect(house.jobs.rows()).toHaveLength(2);
  });

  it('of one duty does not wait for another one', async () => {
    const house = aHouse();
    await startUpkeep(house.scan, '12:00', house);
    const purge = anOperation({ name: 'purge', isPlatformGenerated: true });
    expect((await startUpkeep(purge, '12:00', house)).operation).toBe('purge');
  });
});

describe('a turn out of turn', () => {
  it.each([OPERATOR, READER])('is for admins: $role', async (caller) => {
    await expect(startUpkeepNow('reprocess', caller, aHouse())).rejects.toMatchObject({ code: 'NotAllowed' });
  });

  it('of a duty that this deployment does not have is a bug, and says which', async () => {
    await expect(startUpkeepNow('sweep', ADMIN, aHouse())).rejects.toThrow('no operation "sweep"');
  });

  it('is another job than the turns of the schedule, and than another turn out of turn', async () => {
    const house = aHouse();
    const ids = new Set<string>();
    for (const turn of [
      () => startUpkeep(house.scan, '12:00', house),
      () => startUpkeepNow('reprocess', ADMIN, house),
      () => startUpkeepNow('reprocess', ADMIN, house),
    ]) {
      ids.add((await turn()).jobId);
      for (const ring of house.doorbell.take()) await hear(ring, house);
    }
    expect(ids.size).toBe(3);
  });

  it('says who has asked for it', async () => {
    const house = aHouse();
    expect(await startUpkeepNow('reprocess', ADMIN, house)).toMatchObject({ createdBy: ADMIN.id });
  });
});

/** An admin has set what a deployment has set back. */
const aSetting = async () => {
  const settings = new MemorySettings();
  const house = { ...aHouse(), settings, controls: memoryControls(), deployed: DEPLOYED };
  await changeSettings({ concurrency: { bulk: 7 } }, ADMIN, house);
  house.controls.concurrency.bulk.deploy(50);
  return house;
};

describe('a scan that an admin asks for', () => {
  it('does all that its schedule does: what a deployment has set back is in force again', async () => {
    const house = await aSetting();
    const { jobId } = await startScanNow(ADMIN, house);
    expect([house.doorbell.take(), await house.controls.concurrency.bulk.inForce()]).toEqual([
      [{ jobId, lane: 'standard' }],
      7,
    ]);
  });

  it('changes nothing for somebody who is no admin', async () => {
    const house = await aSetting();
    await expect(startScanNow(OPERATOR, house)).rejects.toMatchObject({ code: 'NotAllowed' });
    expect([house.jobs.rows(), await house.controls.concurrency.bulk.inForce()]).toEqual([[], 50]);
  });
});
