import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { AuditEntry } from '../../../shared/job/audit-entry.ts';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { note, noteByService } from '../../../shared/service/audit.ts';
import { listAudit } from '../../../shared/service/list-audit.ts';
import { ErrorCode } from '../../../shared/service/operation.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { aWorld, type World } from '../../support/a-world.ts';

const entryAt = (ms: number, facts: Partial<AuditEntry> = {}): AuditEntry => ({
  at: at(ms),
  by: 'adam',
  verb: 'pause',
  from: Status.InProgress,
  to: Status.Pausing,
  claimNumber: 1,
  ...facts,
});

/** A world with this job, and what was written down of it. */
async function having(job: Job, ...entries: AuditEntry[]): Promise<World> {
  const world = aWorld();
  world.jobs.put(job);
  for (const entry of entries) await world.audit.add(job, entry);
  return world;
}

const list = ({ jobId }: Job, world: World, query: object = {}) =>
  listAudit({ params: { jobId }, query }, world);

/** The entries of all pages, newest first. */
async function allOf(job: Job, world: World, limit = 50): Promise<unknown[]> {
  const seen: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(job, world, { limit: `${limit}`, ...(cursor !== undefined && { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    expect(page.items).not.toEqual([]);
    seen.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return seen;
}

const over = (statusCode: Job['statusCode'], facts: Partial<Job> = {}): Job =>
  aRunningJob({ claimNumber: 3, statusCode, startedOn: at(10), completedOn: at(20), ...facts });

const CREATED = { at: at(), by: 'olga', verb: 'create' };
const CLAIMED = { at: at(10), by: 'service', verb: 'claim', to: 20, toLabel: 'In Progress' };

describe('what every job goes through', () => {
  it('is told by its row: created by somebody', async () => {
    const job = aJob();
    expect(await list(job, await having(job))).toEqual({ items: [CREATED] });
  });

  it('first taken by the service', async () => {
    const job = aRunningJob({ startedOn: at(10), claimNumber: 3 });
    expect(await list(job, await having(job))).toEqual({ items: [CLAIMED, CREATED] });
  });

  it.each([
    [Status.Succeeded, {}, { verb: 'succeed', to: 30, toLabel: 'Succeeded' }],
    [Status.Failed, {}, { verb: 'fail', to: 31, toLabel: 'Failed' }],
    [Status.Failed, { errorCode: ErrorCode.KilledItsWorkers }, { verb: 'giveUp', to: 31, toLabel: 'Failed' }],
  ] as const)('and over, as %s %j', async (status, facts, end) => {
    const job = over(status, facts);
    const { items } = await list(job, await having(job));
    expect(items).toEqual([
      { at: at(20), by: 'service', from: 20, fromLabel: 'In Progress', ...end },
      CLAIMED,
      CREATED,
    ]);
  });

  it('but for a cancel, which was written down with who asked for it', async () => {
    const job = over(Status.Canceled);
    const canceled = entryAt(20, { verb: 'cancel', from: 20, to: 32, reason: 'Wrong folder' });
    const { items } = await list(job, await having(job, canceled));
    expect(items).toMatchObject([
      { verb: 'cancel', by: 'adam', reason: 'Wrong folder' },
      { verb: 'claim' },
      {},
    ]);
  });
});

describe('an entry', () => {
  it('says from where to where, in words too, and not under which claim', async () => {
    const job = aJob();
    const { items } = await list(job, await having(job, entryAt(1, { until: at(9), byName: 'Adam' })));
    expect(items[0]).toEqual({
      at: at(1),
      by: 'adam',
      byName: 'Adam',
      verb: 'pause',
      until: at(9),
      from: 20,
      fromLabel: 'In Progress',
      to: 21,
      toLabel: 'Pausing',
    });
  });

  it('whose writer did not read the row came from where the step before it led to, also from the page after', async () => {
    const job = aJob();
    const { from: _unknown, ...settled } = entryAt(2, { verb: 'settle', to: 10 });
    const world = await having(job, entryAt(1), settled);
    for (const limit of ['1', '2']) {
      const { items } = await list(job, world, { limit });
      expect(items[0]).toMatchObject({ verb: 'settle', from: 21, fromLabel: 'Pausing', to: 10 });
    }
  });

  it('of a step that leads nowhere says neither', async () => {
    const job = aJob();
    const { from: _from, to: _to, ...rerun } = entryAt(1, { verb: 'rerun', newJobId: 'new' });
    const { items } = await list(job, await having(job, rerun));
    expect(items[0]).toEqual({ at: at(1), by: 'adam', verb: 'rerun', newJobId: 'new' });
  });
});

describe('the audit of a job', () => {
  it.each([1, 2, 3, 7, 8, 50])('comes whole and once, newest first, by pages of %s', async (limit) => {
    const job = over(Status.Succeeded);
    const written = [5, 11, 12, 13, 19].map((ms) => entryAt(ms));
    const seen = await allOf(job, await having(job, ...written), limit);
    expect(z.array(z.object({ at: z.string() })).parse(seen)).toEqual(
      [20, 19, 13, 12, 11, 10, 5, 0].map((ms) => ({ at: at(ms) })),
    );
  });

  it('does not go on by the cursor of another job', async () => {
    const [job, other] = [over(Status.Succeeded), over(Status.Succeeded)];
    const world = await having(job);
    world.jobs.put(other);
    const { nextCursor } = await list(job, world, { limit: '1' });
    await expect(list(other, world, { cursor: nextCursor })).rejects.toMatchObject({
      faults: [{ in: 'query', pointer: '/cursor' }],
    });
  });

  it('is none of a job that is not there', async () => {
    await expect(list(aJob(), aWorld())).rejects.toThrow('There is no job');
  });

  it.each([
    [{ limit: '0' }, '/limit'],
    [{ limit: '1001' }, '/limit'],
    [{ order: 'up' }, '/order'],
  ])('does not understand %j', async (query, pointer) => {
    const job = aJob();
    await expect(list(job, await having(job), query)).rejects.toMatchObject({
      faults: [{ in: 'query', pointer }],
    });
  });
});

describe('what the service writes down', () => {
  const DONE = { verb: 'wake', from: Status.Waiting, to: Status.WaitingForResources } as const;

  it('is by the service, now, under the latest claim', async () => {
    const [world, job] = [aWorld(), aRunningJob({ claimNumber: 4, modifiedOn: at(-5) })];
    await noteByService(job, DONE, world);
    expect(world.audit.of(job)).toEqual([{ ...DONE, at: at(), by: 'service', claimNumber: 4 }]);
  });

  it.each([0, 7_000])('comes after what was done before it, whatever the clocks say: %d', async (ms) => {
    const [world, job] = [aWorld(), aJob({ modifiedOn: at(ms) })];
    await note(job, { ...DONE, by: 'olga', byName: 'Olga' }, world);
    expect(world.audit.of(job)).toMatchObject([{ at: at(ms + 1), by: 'olga', byName: 'Olga' }]);
  });

  it('holds nothing up where it can’t be written: that is logged', async () => {
    const [world, job] = [aWorld(), aJob()];
    world.audit.add = () => Promise.reject(new Error('Throttled.'));
    await noteByService(job, DONE, world);
    expect(world.logged).toEqual([
      {
        text: 'an entry of the audit was not written',
        facts: { jobId: job.jobId, verb: 'wake', error: 'Error: Throttled.' },
      },
    ]);
  });
});
