import { describe, expect, it } from '@jest/globals';
import { Status } from '../../../shared/job/status.ts';
import { createPlatformJob } from '../../../shared/service/create-platform-job.ts';
import { JobExists } from '../../../shared/service/ports.ts';
import { at } from '../../support/a-job.ts';
import { anOperation, aWorld } from '../../support/a-world.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';

const SCAN = anOperation({ name: 'reprocess', label: 'Scan', lane: 'standard', isPlatformGenerated: true });
const idOf = (name: string): string => `id of ${name}`;
const ID = 'id of urn:longhaul:upkeep:reprocess:12:00';
const RING = { jobId: ID, lane: 'standard' };
const aHouse = () => ({ ...aWorld(SCAN), idOf });

describe('the job of a turn', () => {
  it('is the service’s own, has the id of its turn, and is rung for', async () => {
    const house = aHouse();
    const job = await createPlatformJob(SCAN, '12:00', house);
    const platform = 'id of urn:longhaul:user:platform';
    expect(job).toMatchObject({
      jobId: ID,
      operation: 'reprocess',
      name: 'Scan',
      input: '{}',
      isPlatformGenerated: true,
      statusCode: Status.WaitingForResources,
      createdOn: at(),
      createdBy: platform,
      ownerId: platform,
      modifiedBy: platform,
    });
    expect([house.jobs.rows(), house.doorbell.take()]).toEqual([[job], [RING]]);
  });

  it('belongs to whoever asked for it', async () => {
    expect(await createPlatformJob(SCAN, '12:00', aHouse(), 'adam')).toMatchObject({
      createdBy: 'adam',
      ownerId: 'adam',
    });
  });

  it('is met by a second firing as it is by now, and is rung for once more', async () => {
    const house = aHouse();
    const first = await createPlatformJob(SCAN, '12:00', house);
    const now = { ...first, statusCode: Status.Succeeded };
    house.jobs.put(now);
    house.clock.advance(1_000);
    expect(await createPlatformJob(SCAN, '12:00', house)).toEqual(now);
    expect([house.jobs.rows(), house.doorbell.take()]).toEqual([[now], [RING, RING]]);
  });

  it('is answered as it was ordered where the store does not tell what is there', async () => {
    const jobs = new MemoryJobStore();
    jobs.insert = ({ jobId }) => Promise.reject(new JobExists(jobId));
    const house = { ...aHouse(), jobs };
    expect(await createPlatformJob(SCAN, '12:00', house)).toMatchObject({ jobId: ID, createdOn: at() });
    expect(house.doorbell.take()).toEqual([RING]);
  });

  it('that cannot be written is not rung for: whoever fired fires again', async () => {
    const jobs = new MemoryJobStore();
    jobs.insert = () => Promise.reject(new Error('Throttled.'));
    const house = { ...aHouse(), jobs };
    await expect(createPlatformJob(SCAN, '12:00', house)).rejects.toThrow('Throttled.');
    expect(house.doorbell.take()).toEqual([]);
  });
});
