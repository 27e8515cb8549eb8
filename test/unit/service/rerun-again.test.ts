import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { ask } from '../../../shared/service/ask.ts';
import { rerunJob } from '../../../shared/service/rerun-job.ts';
import { aRunningJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, put, type World } from '../../support/a-world.ts';
import { ADMIN, OPERATOR } from '../../support/callers.ts';
import { idOf } from '../../support/memory/counting-ids.ts';

const CHOSEN = idOf(900_000);

/** A world with a job that is over, and saved a cursor on its way. */
async function over(facts: Partial<Job> = {}): Promise<{ world: World; old: Job }> {
  const world = aWorld(anOperation({ lane: 'standard' }));
  const { watchAt: _none, leaseEndsAt: _over, ...row } = aRunningJob();
  const old = put({ ...row, statusCode: Status.Failed, completedOn: at(), ...facts }, world);
  await world.details.saveCursor(old, 'two');
  return { world, old };
}
const newJobs = ({ jobs }: World, old: Job): Job[] => jobs.rows().filter(({ jobId }) => jobId !== old.jobId);

describe('a rerun', () => {
  it('is in the audit of the old job, with who asked for it and why', async () => {
    const { world, old } = await over();
    const { jobId } = await rerunJob(old.jobId, OPERATOR, world, { reason: 'The disk is back.' });
    expect(world.audit.of(old)).toEqual([
      {
        at: at(1),
        by: OPERATOR.id,
        byName: 'Olga',
        verb: 'rerun',
        newJobId: jobId,
        reason: 'The disk is back.',
        claimNumber: 1,
      },
    ]);
  });

  it('is in the audit without what nobody has said', async () => {
    const { world, old } = await over();
    await rerunJob(old.jobId, ADMIN, world);
    const [entry] = world.audit.of(old);
    expect(Object.keys(entry ?? {}).toSorted()).toEqual(['at', 'by', 'claimNumber', 'newJobId', 'verb']);
  });

  it('under a key is made once; another rerun under that key is refused', async () => {
    const { world, old } = await over();
    const headers = { 'idempotency-key': 'once-more' };
    const again = (body: object, { jobId } = old) =>
      ask('rerun', { params: { jobId }, body, caller: OPERATOR, headers }, world);
    const first = await again({});
    expect(await again({})).toEqual(first);
    expect(newJobs(world, old)).toHaveLength(1);
    await expect(again({ fromCheckpoint: true })).rejects.toMatchObject({ code: 'Conflict' });
    const { jobId } = put({ ...old, jobId: idOf(77), sequence: old.sequence - 1 }, world);
    await expect(again({}, { ...old, jobId })).rejects.toMatchObject({ code: 'Conflict' });
    expect(world.audit.of(old).filter(({ verb }) => verb === 'rerun')).toHaveLength(1);
  });

  it('made by a job is one deeper than that, and at eight the chain ends', async () => {
    const { world, old } = await over();
    expect(await rerunJob(old.jobId, ADMIN, world)).toMatchObject({ depth: 1 });
    expect(await rerunJob(old.jobId, ADMIN, world, { depth: 8 })).toMatchObject({ depth: 8 });
    await expect(rerunJob(old.jobId, ADMIN, world, { depth: 9 })).rejects.toMatchObject({ code: 'TooDeep' });
  });

  it('begins at the start, if nobody says that it is to go on', async () => {
    const { world, old } = await over();
    const anew = await rerunJob(old.jobId, ADMIN, world);
    const onwards = await rerunJob(old.jobId, ADMIN, world, { fromCheckpoint: true });
    expect([await world.details.getCursor(anew), await world.details.getCursor(onwards)]).toEqual([
      undefined,
      'two',
    ]);
  });

  it('runs in the lane of the old job, where that was another than its operation’s', async () => {
    const { world, old } = await over({ lane: 'bulk' });
    expect(await rerunJob(old.jobId, ADMIN, world)).toMatchObject({ lane: 'bulk' });
    expect(world.doorbell.rings).toMatchObject([{ lane: 'bulk' }]);
  });

  it('has no column for what the old job had not', async () => {
    const { world, old } = await over();
    const job = await rerunJob(old.jobId, ADMIN, world);
    expect(Object.entries(job).filter(([, value]) => value === undefined)).toEqual([]);
    for (const name of ['lane', 'requestHash', 'description', 'dependencyToken', 'maxRetries', 'inputBlobId'])
      expect(job).not.toHaveProperty(name);
  });

  it('is none of a job that is not there', async () => {
    const { world } = await over();
    await expect(rerunJob(idOf(5_000), ADMIN, world)).rejects.toThrow('There is no job');
  });
});

const chosen = (old: Job, world: World, caller = ADMIN) =>
  rerunJob(old.jobId, caller, world, { chosenId: CHOSEN });

describe('a rerun by an id that was chosen', () => {
  it('has that id, and is the same job when it is asked for again', async () => {
    const { world, old } = await over();
    const first = await chosen(old, world);
    world.clock.advance(1_000);
    expect([first.jobId, await chosen(old, world)]).toEqual([CHOSEN, first]);
    expect([newJobs(world, old), world.audit.of(old).length]).toEqual([[first], 1]);
  });

  it('is the same job also where two ask for it at once', async () => {
    const { world, old } = await over();
    const first = await chosen(old, world);
    const get = world.jobs.get.bind(world.jobs);
    world.jobs.get = async (jobId) => (jobId === CHOSEN ? undefined : get(jobId));
    expect(await chosen(old, world)).toEqual(first);
    expect(newJobs(world, old)).toEqual([first]);
  });

  it('is refused where another job has that id', async () => {
    const { world, old } = await over();
    world.jobs.put({ ...old, jobId: CHOSEN });
    await expect(chosen(old, world)).rejects.toMatchObject({ code: 'Conflict' });
    expect(newJobs(world, old)).toHaveLength(1);
  });

  it('is refused where somebody else’s rerun has it, and they met at one moment', async () => {
    const { world, old } = await over({ createdBy: OPERATOR.id, ownerId: OPERATOR.id });
    await chosen(old, world, OPERATOR);
    const get = world.jobs.get.bind(world.jobs);
    world.jobs.get = async (jobId) => (jobId === CHOSEN ? undefined : get(jobId));
    await expect(chosen(old, world, ADMIN)).rejects.toMatchObject({ code: 'Conflict' });
  });
});
