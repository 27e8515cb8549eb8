import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { answerCallback } from '../../../shared/service/answer-callback.ts';
import { readToken } from '../../../shared/service/callbacks.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, hear, put, theJob, type World } from '../../support/a-world.ts';
import { OPERATOR } from '../../support/callers.ts';
import { idOf } from '../../support/memory/counting-ids.ts';

const SECRET = 'secret-1';
const UNKNOWN = /^There is no open callback/;

/** A job of its first claim that has asked for a callback; it waits for it, if nothing else is said. */
async function waiting(facts: Partial<Job> = {}) {
  const world = aWorld(anOperation());
  const job = put(
    aJob({
      statusCode: Status.Waiting,
      isWaitingForEvent: true,
      claimNumber: 1,
      postponeUntil: at(3_600_000),
      ...facts,
    }),
    world,
  );
  await world.details.openCallback(job, { key: 'k', secret: SECRET, deadline: at(3_600_000) });
  return { world, job, token: `${job.jobId}.${SECRET}` };
}

const answer = (body: object, world: World) => answerCallback(body, OPERATOR, world);

describe('a token', () => {
  it.each([
    [`${idOf(1)}.${SECRET}`, { jobId: idOf(1), secret: SECRET }],
    [`x${idOf(1)}.${SECRET}`, undefined],
    [`${idOf(1)}.${SECRET}/x`, undefined],
    [`${idOf(1)}.`, undefined],
    [`${idOf(1)}.${'x'.repeat(65)}`, undefined],
    [idOf(1), undefined],
    [`job-1.${SECRET}`, undefined],
    ['', undefined],
  ])('says which job and which secret, or is none: %s', (token, says) => {
    expect(readToken(token)).toEqual(says);
  });

  it.each([
    ['of a job that has no callback', idOf(1_000)],
    ['of no job', idOf(2_000)],
  ])('%s is not good', async (_what, jobId) => {
    const { world } = await waiting();
    put(aJob({ jobId: idOf(1_000) }), world);
    await expect(answer({ token: `${jobId}.${SECRET}`, result: 1 }, world)).rejects.toThrow(UNKNOWN);
  });

  it.each(['nonsense', 'Secret-1', 'secret-', 'secret-11'])(
    'with another secret is not good: %s',
    async (secret) => {
      const { world, job } = await waiting();
      await expect(answer({ token: `${job.jobId}.${secret}`, result: 1 }, world)).rejects.toThrow(UNKNOWN);
      expect((await world.details.getCallback(job))?.answer).toBeUndefined();
    },
  );

  it('is not good any more when the deadline has ended its callback', async () => {
    const { world, job, token } = await waiting();
    await world.details.endCallback(job, 'k');
    await expect(answer({ token, result: 1 }, world)).rejects.toThrow(UNKNOWN);
  });
});

describe('an answer', () => {
  it('frees the job that waits for it, rings, and is in the audit with who gave it', async () => {
    const { world, job, token } = await waiting();
    await answer({ token, result: { n: 1 } }, world);
    expect(await theJob(job.jobId, world)).toMatchObject({ statusCode: Status.WaitingForResources });
    expect(world.doorbell.take()).toEqual([{ jobId: job.jobId, lane: 'bulk' }]);
    expect(world.audit.of(job)).toMatchObject([
      { verb: 'answer', by: OPERATOR.id, byName: 'Olga', from: 10, to: 0, claimNumber: 1 },
    ]);
  });

  it('of somebody without a name is by an id alone', async () => {
    const { world, job, token } = await waiting();
    await answerCallback({ token, result: 1 }, { id: 'robot', role: 'operator' }, world);
    expect(world.audit.of(job)[0]).toMatchObject({ by: 'robot' });
    expect(world.audit.of(job)[0]).not.toHaveProperty('byName');
  });

  it('to a job that still runs is kept, and rings for nobody', async () => {
    const { world, job, token } = await waiting();
    world.jobs.put(aRunningJob({ jobId: job.jobId, createdOn: job.createdOn }));
    await answer({ token, result: 1 }, world);
    expect([world.doorbell.take(), world.audit.of(job)]).toEqual([[], []]);
    expect((await world.details.getCallback(job))?.answer).toEqual({ result: 1 });
  });

  it('that could not be handed on is kept, and may be given again', async () => {
    const { world, job, token } = await waiting();
    const make = world.jobs.make.bind(world.jobs);
    world.jobs.make = () => Promise.reject(new Error('Throttled.'));
    await expect(answer({ token, result: 1 }, world)).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('could not be handed on'),
    });
    world.jobs.make = make;
    await answer({ token, result: 1 }, world);
    expect(await theJob(job.jobId, world)).toMatchObject({ statusCode: Status.WaitingForResources });
  });

  it('whose ring is lost is given all the same: that is logged', async () => {
    const { world, job, token } = await waiting();
    world.doorbell.breaks();
    await answer({ token, result: 1 }, world);
    expect(world.logged).toMatchObject([
      {
        text: 'ring failed, the scan will find the job',
        facts: { jobId: job.jobId, error: 'Error: The queue is out of order.' },
      },
    ]);
  });

  it('that nobody was told of frees the job when anybody rings: by the service itself', async () => {
    const { world, job } = await waiting();
    await world.details.answerCallback(job, SECRET, { result: 1 });
    await hear({ jobId: job.jobId, lane: 'bulk' }, world);
    expect(world.audit.of(job).at(-1)).toMatchObject({ verb: 'answer', by: 'service', from: 10, to: 0 });
  });

  it('of another kind than the first is refused, and says why', async () => {
    const { world, token } = await waiting();
    await answer({ token, result: 1 }, world);
    await expect(answer({ token, error: { message: 'no' } }, world)).rejects.toThrow(
      'another answer already',
    );
  });

  it('may be 2 MiB of JSON and not a byte more', async () => {
    const { world, token } = await waiting();
    const result = 'x'.repeat(2 * 1_024 ** 2 - '{"result":""}'.length);
    await expect(answer({ token, result: `${result}x` }, world)).rejects.toMatchObject({
      faults: [{ pointer: '/result', detail: expect.stringContaining('The answer has 2097153 bytes') }],
    });
    await expect(answer({ token, result }, world)).resolves.toBeUndefined();
  });

  const EITHER = { pointer: '/result', detail: 'Give either "result" or "error".' };
  const HALF = 'Must be well-formed Unicode.';
  it.each([
    [{}, [EITHER]],
    [{ result: 1, error: { message: 'no' } }, [EITHER]],
    [{ error: { message: '\ud800' } }, [{ pointer: '/error/message', detail: HALF }]],
    [{ error: { message: 'no', code: '\ud800' } }, [{ pointer: '/error/code', detail: HALF }]],
    [{ error: { message: '' } }, [{ pointer: '/error/message' }]],
    [{ error: { message: 'x'.repeat(1_001) } }, [{ pointer: '/error/message' }]],
    [{ error: { message: 'no', code: '' } }, [{ pointer: '/error/code' }]],
    [{ error: { message: 'no', code: 'x'.repeat(101) } }, [{ pointer: '/error/code' }]],
    [{ error: { message: 'no', permanent: 'yes' } }, [{ pointer: '/error/permanent' }]],
    [{ result: 1, colour: 'red' }, [{ pointer: '/colour' }]],
  ])('that is none is refused with a pointer: %j', async (body, faults) => {
    const { world, job, token } = await waiting();
    await expect(answer({ token, ...body }, world)).rejects.toMatchObject({ faults });
    expect((await world.details.getCallback(job))?.answer).toBeUndefined();
  });

  it('may say what is wrong as long as it likes, within bounds', async () => {
    const { world, job, token } = await waiting();
    const error = { message: 'x'.repeat(1_000), code: 'y'.repeat(100), permanent: true };
    await answer({ token, error }, world);
    expect((await world.details.getCallback(job))?.answer).toEqual({ error });
  });
});

describe('a job that waits for an event and has no callback', () => {
  it('is left alone by a ring', async () => {
    const world = aWorld(anOperation());
    const job = put(
      aJob({ statusCode: Status.Waiting, isWaitingForEvent: true, claimNumber: 1, postponeUntil: at(9_000) }),
      world,
    );
    await hear({ jobId: job.jobId, lane: 'bulk' }, world);
    expect(await theJob(job.jobId, world)).toEqual(job);
  });
});
