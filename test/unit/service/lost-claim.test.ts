import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { pause } from '../../../shared/job/person-transitions.ts';
import { recover } from '../../../shared/job/worker-transitions.ts';
import type { Checkpoint, Outcome, RunContext } from '../../../shared/service/operation.ts';
import { aJob, at } from '../../support/a-job.ts';
import {
  anOperation,
  aWorld,
  put,
  runOnce,
  theJob,
  type World,
  withOperation,
} from '../../support/a-world.ts';
import { abortedBy, stepsOf } from '../../support/steps.ts';

/** How an operation goes on after another worker has claimed its job. */
type Ending = (world: World, context: RunContext<unknown>) => AsyncGenerator<Checkpoint, Outcome, void>;

const SUCCESSORS = { statusCode: 20, claimNumber: 2, hostId: 'successor', leaseEndsAt: at(1_800_000) };

/** The lease ends while the operation works, and another worker claims the job. */
async function overtaken(ending: Ending) {
  const world = aWorld();
  const operation = anOperation({
    run: async function* (_input, context) {
      world.clock.set(Date.parse(at(900_000)));
      const terms = { now: at(900_000), leaseEndsAt: at(1_800_000), hostId: 'successor' };
      await world.jobs.make(recover(await theJob(context.jobId, world), terms));
      return yield* ending(world, context);
    },
  });
  const slow = withOperation(world, operation);
  const job = put(aJob({ dependencyToken: 'orders' }), slow);
  return { world, job: await runOnce(job, slow, { sliceMs: 10 }) };
}

/** The line is left to the successor: nobody looks at it a moment later. */
const looks = ({ timers, clock }: World) => timers.timers.filter((timer) => timer.at === clock() + 15_000);

describe('a worker that has lost its claim', () => {
  it.each<[string, Ending]>([
    ['when it succeeds', () => stepsOf([], () => ({ friendlyMessage: 'Done.' }))],
    ['when it succeeds with a result', () => stepsOf([], () => ({ result: 1 }))],
    [
      'when it fails',
      () =>
        stepsOf([], async () => {
          throw new Error('Too late.');
        }),
    ],
    ['at a checkpoint', () => stepsOf([{ done: 1, total: 2, cursor: 'mine' }])],
    [
      'when it yields',
      (_world, { signal }) =>
        signal.aborted ? stepsOf([{ done: 1, cursor: 'mine' }]) : stepsOf([], () => abortedBy(signal)),
    ],
  ])('stops silently %s: the row is its successor’s', async (_when, ending) => {
    const { job, world } = await overtaken(ending);
    expect(job).toEqual({ ...job, ...SUCCESSORS });
    expect([job.completedOn, job.progressDone, job.message]).toEqual([undefined, undefined, undefined]);
    expect(world.doorbell.rings).toEqual([]);
    expect([world.jobs.linksOf('orders').length, looks(world)]).toEqual([1, []]);
    expect(world.logged).toContainEqual({ text: 'claim lost', facts: { jobId: job.jobId, claimNumber: 1 } });
  });

  it('does not overwrite what its successor has saved', async () => {
    const { job, world } = await overtaken(async function* ({ details, jobs }, { jobId }) {
      const successor = await theJob(jobId, { jobs });
      await details.saveCursor(successor, 'theirs');
      await details.putResult(successor, 'theirs');
      yield { done: 1, cursor: 'mine' };
      return { result: 'mine'.repeat(99) };
    });
    const kept = [await world.details.getCursor(job), await world.details.getResult(job)];
    expect(kept).toEqual(['theirs', 'theirs']);
    expect(looks(world)).toEqual([]);
  });

  it('leaves to its successor what a person asks', async () => {
    const { job, world } = await overtaken(async function* ({ jobs }, { jobId }) {
      await jobs.make(pause(await theJob(jobId, { jobs }), { now: at(900_000), by: 'adam' }));
      yield { done: 1, cursor: 'mine' };
      return {};
    });
    expect(job).toMatchObject({ ...SUCCESSORS, statusCode: 21 });
    expect(looks(world)).toEqual([]);
  });

  it('goes on with the line where its successor has brought the job to its end', async () => {
    const { job, world } = await overtaken(async function* ({ jobs }, { jobId }) {
      jobs.put({ ...(await theJob(jobId, { jobs })), statusCode: 30 });
      yield { done: 1, cursor: 'mine' };
      return {};
    });
    // Its place can be seen a moment longer than the job: the line was looked at again.
    expect(looks(world)).toMatchObject([{ ring: { jobId: job.jobId } }]);
  });
});

const later = (job: Job): Job => ({ ...job, sequence: job.sequence + 1, hostId: 'its worker' });

describe('a worker whose job was deleted, while another one was created with its id', () => {
  it('does not carry out what a person asks of that one, be its claim number the same', async () => {
    const world = aWorld();
    const operation = anOperation({
      async *run(_input, { jobId }) {
        world.jobs.put({ ...later(await theJob(jobId, world)), statusCode: 21 });
        yield { done: 1, cursor: 'mine', mustSave: true };
        return {};
      },
    });
    const job = await runOnce(aJob(), withOperation(world, operation));
    expect(job).toMatchObject({ statusCode: 21, claimNumber: 1, hostId: 'its worker' });
    expect(job.leaseEndsAt).toBeDefined();
  });
});
