import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { Status } from '../../../shared/job/status.ts';
import { reprocess, type ScanRepositories } from '../../../shared/operations/reprocess.ts';
import { resultOf } from '../../../shared/service/result.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, put, runOnce, type World } from '../../support/a-world.ts';
import { NOON } from '../../support/memory/settable-clock.ts';
import { nothingToSend } from '../../support/nothing-to-send.ts';
import { overdueIn } from '../../support/overdue.ts';

const HOUR_AGO = sequenceAt(NOON - 3_600_000);
const SCAN = aJob({
  jobId: 'scan',
  operation: 'reprocess',
  input: '{}',
  watchAt: at(-1),
  isPlatformGenerated: true,
});

/** A world with jobs that nobody has looked after for a while, and the scan's own job. */
function neglected(...jobs: Partial<Job>[]): World {
  const world = aWorld(anOperation({ lane: 'standard' }));
  for (const [n, facts] of jobs.entries()) {
    const job = put(aJob({ jobId: `job-${n}`, watchAt: at(-1), sequence: HOUR_AGO + n, ...facts }), world);
    if (job.dependencyToken !== undefined) world.jobs.watchFrom(job.dependencyToken, at(-1));
  }
  return world;
}

async function scan(world: World, sliceMs = Number.POSITIVE_INFINITY) {
  const mender = { ...world, operations: world.operations };
  const repositories: ScanRepositories = {
    mender,
    postman: nothingToSend(),
    ...overdueIn(mender),
  };
  const scanning = { ...world, repositories, operations: new Map([['reprocess', reprocess]]) };
  let job = await runOnce(SCAN, scanning, { sliceMs });
  for (let slices = 1; job.statusCode === Status.InProgress && slices < 100; slices++) {
    world.doorbell.take();
    job = await runOnce(SCAN, scanning, { sliceMs });
  }
  return { job, result: await resultOf(job, world.details) };
}
const NONE_SENT = { retried: 0, sent: 0, ordered: 0 };
const rungIn = (world: World): string[] => world.doorbell.rings.map(({ jobId }) => jobId).toSorted();

describe('the reprocessing scan', () => {
  it('rings for what may run, and sets the timers of what is due soon', async () => {
    const world = neglected(
      {},
      { statusCode: Status.Waiting, postponeUntil: at(60_000) },
      { statusCode: Status.InProgress, leaseEndsAt: at() },
      { statusCode: Status.InProgress, leaseEndsAt: at(1) },
    );
    const { job, result } = await scan(world);
    expect(rungIn(world)).toEqual(['job-0', 'job-2']);
    expect(world.timers.timers).toMatchObject([{ ring: { jobId: 'job-1' } }]);
    expect(result).toEqual({ looked: 4, rung: 2, timed: 1, ...NONE_SENT });
    expect((await world.details.getText(job, 'friendlyMessage')) ?? job.friendlyMessage).toBe(
      'Looked at 4 jobs and tokens: rang for 2, set the timers of 1.',
    );
  });

  it('says so when nothing was due', async () => {
    const world = neglected({ watchAt: at(1) });
    expect((await scan(world)).job).toMatchObject({ statusCode: 30, friendlyMessage: 'Nothing was due.' });
    expect(rungIn(world)).toEqual([]);
  });

  it('does not ring for itself', async () => {
    const world = neglected();
    await scan(world);
    expect(rungIn(world)).toEqual([]);
  });

  it('looks at tokens, not at their thousands of followers', async () => {
    const facts = { dependencyToken: 'orders', watchAt: '9999-12-31T23:59:59.999Z' };
    const world = neglected(...Array.from({ length: 300 }, () => facts), {
      ...facts,
      dependencyToken: 'others',
    });
    const { result } = await scan(world);
    expect([rungIn(world), result]).toEqual([
      ['job-0', 'job-300'],
      { looked: 2, rung: 2, timed: 0, ...NONE_SENT },
    ]);
  });

  it('handles any number of jobs and tokens, each of them once', async () => {
    const world = neglected(
      ...Array.from({ length: 250 }, () => ({})),
      ...Array.from({ length: 130 }, (_, n) => ({ dependencyToken: `token ${n}`, watchAt: '9999' })),
    );
    const { result } = await scan(world);
    expect([rungIn(world).length, new Set(rungIn(world)).size, result]).toEqual([
      380,
      380,
      { looked: 380, rung: 380, timed: 0, ...NONE_SENT },
    ]);
  });

  it('may be cut into slices: it goes on where it was, and counts on', async () => {
    const world = neglected(
      ...Array.from({ length: 250 }, () => ({})),
      ...Array.from({ length: 130 }, (_, n) => ({ dependencyToken: `token ${n}`, watchAt: '9999' })),
    );
    const { result, job } = await scan(world, 0);
    expect(job.claimNumber).toBeGreaterThan(4);
    expect(result).toMatchObject({ looked: 380, rung: 380 });
  });

  it('does no harm where two run at once', async () => {
    const world = neglected({}, { dependencyToken: 'orders', watchAt: '9999' });
    const before = world.jobs.rows();
    const other = { ...SCAN, jobId: 'other-scan' };
    await scan(world);
    put(other, world);
    await scan(world);
    expect(world.jobs.rows().filter(({ jobId }) => jobId.startsWith('job'))).toEqual(before);
  });

  it('fails, and is tried again, when the queue does not answer', async () => {
    const world = neglected({});
    world.doorbell.breaks();
    expect((await scan(world)).job).toMatchObject({ statusCode: Status.Waiting, isRetrying: true });
  });
});
