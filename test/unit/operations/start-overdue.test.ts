import { describe, expect, it } from '@jest/globals';
import { GRACE_MS } from '../../../shared/assets/overdue.ts';
import { TICKET_SECONDS } from '../../../shared/assets/ports.ts';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { processOverdue } from '../../../shared/operations/process-overdue.ts';
import { reprocess } from '../../../shared/operations/reprocess.ts';
import { anOperation, aWorld } from '../../support/a-world.ts';
import { plant } from '../../support/assets.ts';
import { MemoryAssetStore } from '../../support/memory/memory-asset-store.ts';
import { NOON } from '../../support/memory/settable-clock.ts';
import { nothingToSend } from '../../support/nothing-to-send.ts';
import { overdueIn } from '../../support/overdue.ts';
import { runOperation } from '../../support/run-operation.ts';

const QUARTER_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** Files that were announced at noon and that nobody has had processed since, and scans at this house. */
async function aHouse(...files: string[]) {
  const world = aWorld(anOperation({ name: processOverdue.name, isPlatformGenerated: true }));
  const assets = new MemoryAssetStore();
  const rows = await plant(assets, ...files);
  const overdue = overdueIn(world, assets);
  let scans = 0;
  const repositories = { mender: world, postman: nothingToSend(), ...overdue };
  const scan = (jobId = `scan-${++scans}`) =>
    runOperation(reprocess, { repositories, clock: world.clock, jobId });
  const made = () => world.jobs.rows().filter(({ operation }) => operation === processOverdue.name);
  const end = (facts: Partial<Job>): void => {
    const [job] = made();
    if (job === undefined) throw new Error('No job was made.');
    const { watchAt: _over, ...row } = job;
    world.jobs.put({ ...row, ...facts, completedOn: new Date(world.clock()).toISOString() });
  };
  return { world, assets, rows, overdue, repositories, scan, made, end };
}

describe('the scan, where assets are not processed', () => {
  it('leaves them to whoever announced them as long as something may still be uploaded', async () => {
    const { world, scan, made } = await aHouse('a.md');
    world.clock.set(NOON + GRACE_MS - 1);
    expect(await scan()).toMatchObject({ result: { ordered: 0 }, friendlyMessage: 'Nothing was due.' });
    expect(made()).toEqual([]);
    expect(GRACE_MS).toBeGreaterThan(TICKET_SECONDS * 1_000);
  });

  it('makes one job for all of them, of its own, without a token, and rings for it in "bulk"', async () => {
    const { world, scan, made } = await aHouse('a.md', 'b/c.md', 'b/d.md');
    world.clock.set(NOON + GRACE_MS);
    expect(await scan()).toMatchObject({
      result: { ordered: 1 },
      friendlyMessage: expect.stringContaining('Files that nobody had processed are processed by a job now.'),
    });
    const [job] = made();
    expect(made()).toHaveLength(1);
    expect(job).toMatchObject({ isPlatformGenerated: true, input: '{}', name: 'Process overdue assets' });
    expect(job).not.toHaveProperty('dependencyToken');
    expect(world.doorbell.take()).toEqual([{ jobId: job?.jobId, lane: 'bulk' }]);
  });

  it('makes no other as long as one is open, in whatever state', async () => {
    const { world, scan, made } = await aHouse('a.md');
    world.clock.set(NOON + GRACE_MS);
    await scan();
    const [job] = made();
    if (job === undefined) throw new Error('No job was made.');
    for (const statusCode of [
      Status.WaitingForResources,
      Status.Waiting,
      Status.InProgress,
      Status.Canceling,
    ]) {
      world.jobs.put({ ...job, statusCode });
      world.clock.advance(QUARTER_MS);
      expect((await scan()).result).toMatchObject({ ordered: 0 });
    }
    expect(made()).toHaveLength(1);
  });

  it.each([Status.Succeeded, Status.Failed])(
    'makes another once the last one is over (%d)',
    async (statusCode) => {
      const { world, scan, made, end } = await aHouse('a.md');
      world.clock.set(NOON + GRACE_MS);
      await scan();
      end({ statusCode });
      world.clock.advance(QUARTER_MS);
      expect((await scan()).result).toMatchObject({ ordered: 1 });
      expect(made()).toHaveLength(2);
    },
  );

  it('makes none for a day after an admin has canceled one', async () => {
    const { world, scan, made, end } = await aHouse('a.md');
    world.clock.set(NOON + GRACE_MS);
    await scan();
    end({ statusCode: Status.Canceled });
    world.clock.advance(DAY_MS - 1);
    expect((await scan()).result).toMatchObject({ ordered: 0 });
    world.clock.advance(1);
    expect((await scan()).result).toMatchObject({ ordered: 1 });
    expect(made()).toHaveLength(2);
  });

  it('makes none for what was processed, or announced anew', async () => {
    const { world, assets, rows, scan, made } = await aHouse('a.md', 'b.md');
    const [first] = rows;
    if (first === undefined) throw new Error('Nothing was planted.');
    await assets.record(first, { status: 'processed', processedBy: 'job', processedOn: 'now' });
    const late = new Date(NOON + GRACE_MS).toISOString();
    const again = { size: 5, newAssetId: 'x', uploadId: 'y', by: 'olga', at: late };
    await assets.announce({ ...again, path: '/content/dam/b.md' });
    world.clock.set(NOON + GRACE_MS);
    expect((await scan()).result).toMatchObject({ ordered: 0 });
    expect(made()).toEqual([]);
  });

  it('makes one job also if it dies after it has made it, and begins anew', async () => {
    const { world, repositories, scan, made } = await aHouse('a.md');
    world.clock.set(NOON + GRACE_MS);
    const { starter } = repositories;
    const dies = {
      ...starter.turns,
      latest: async () => undefined,
      note: () => Promise.reject(new Error('It died.')),
    };
    const dying = { ...repositories, starter: { ...starter, turns: dies } };
    await expect(
      runOperation(reprocess, { repositories: dying, clock: world.clock, jobId: 'the-scan' }),
    ).rejects.toThrow('It died.');
    await scan('the-scan');
    expect(made()).toHaveLength(1);
  });
});
