import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { ask, askToDelete } from '../../../shared/service/ask.ts';
import { jobIdOf } from '../../../shared/service/parse-order.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, put, theJob, type World } from '../../support/a-world.ts';
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';
import { idOf } from '../../support/memory/counting-ids.ts';

type Verb = Parameters<typeof ask>[0];

const JOB = idOf(1_000);
const params = { jobId: JOB };
const DATE = '2026-11-22T14:00:00+01:00';
const READY = aJob({ jobId: JOB });
const RUNNING = aRunningJob({ jobId: JOB });
const WAITING = aJob({ jobId: JOB, statusCode: Status.Waiting, postponeUntil: at(60_000) });
const { watchAt: _none, ...OVER } = aJob({ jobId: JOB, statusCode: Status.Succeeded, completedOn: at() });

/** A world with this job. */
function having(job: Job): World {
  const world = aWorld(anOperation());
  put(job, world);
  return world;
}

/** Each verb, for a job that is open to it, and what becomes of that one. */
const CASES: readonly (readonly [Verb, Job, object, object])[] = [
  ['cancel', READY, {}, { statusCode: Status.Canceled }],
  ['pause', RUNNING, {}, { statusCode: Status.Pausing }],
  ['resume', WAITING, {}, { statusCode: Status.WaitingForResources }],
  ['postpone', READY, { until: DATE }, { statusCode: Status.Waiting, postponeUntil: at(3_600_000) }],
  ['reschedule', WAITING, { until: DATE }, { statusCode: Status.Waiting, postponeUntil: at(3_600_000) }],
];

/** The refusal that points there. */
const about = (pointer: string): unknown =>
  expect.objectContaining({ faults: [{ pointer, detail: expect.any(String) }] });

describe('what is asked of a job', () => {
  it.each(CASES)('"%s" is done, and its reason is in the audit', async (verb, job, terms, becomes) => {
    const world = having(job);
    const answer = await ask(
      verb,
      { params, body: { ...terms, reason: ' Too early. ' }, caller: OPERATOR },
      world,
    );
    expect(answer).toEqual(await theJob(JOB, world));
    expect(answer).toMatchObject({ ...becomes, jobId: JOB, modifiedBy: 'olga' });
    expect(world.audit.of(job)).toMatchObject([{ verb, by: 'olga', reason: 'Too early.' }]);
  });

  it.each(CASES.filter(([, , terms]) => !('until' in terms)))(
    '"%s" needs no body, and then has no reason',
    async (verb, job, _terms, becomes) => {
      const world = having(job);
      expect(await ask(verb, { params, body: undefined, caller: OPERATOR }, world)).toMatchObject(becomes);
      expect(world.audit.of(job)).toHaveLength(1);
      expect(world.audit.of(job)[0]).not.toHaveProperty('reason');
    },
  );

  it.each(CASES)('"%s" needs somebody who may control the job', async (verb, job, body) => {
    const world = having(job);
    const asked = ask(verb, { params, body, caller: READER }, world);
    await expect(asked).rejects.toMatchObject({ code: 'NotAllowed' });
    expect(await theJob(JOB, world)).toEqual(job);
  });

  it.each(CASES)('"%s" with a fault changes nothing, and points to it', async (verb, job, terms) => {
    const world = having(job);
    const answerTo = async (body: unknown) =>
      ask(verb, { params, body, caller: ADMIN }, world).catch((error: unknown) => error);
    expect(await answerTo({ ...terms, colour: 'red' })).toEqual(about('/colour'));
    expect(await answerTo({ ...terms, reason: ' ' })).toEqual(about('/reason'));
    expect(await answerTo({ ...terms, reason: 'x'.repeat(201) })).toEqual(about('/reason'));
    expect(await answerTo('now')).toEqual(about(''));
    if ('until' in terms) expect(await answerTo(undefined)).toEqual(about('/until'));
    if ('until' in terms) expect(await answerTo({ until: 'tomorrow' })).toEqual(about('/until'));
    expect(await theJob(JOB, world)).toEqual(job);
  });

  it('with half a character in its reason says what would be right', async () => {
    const asked = ask('cancel', { params, body: { reason: 'x\ud800' }, caller: ADMIN }, having(READY));
    await expect(asked).rejects.toMatchObject({
      faults: [{ pointer: '/reason', detail: 'Must be well-formed Unicode.' }],
    });
  });

  it('of what is no job id is refused by where that stands', async () => {
    const wrong = { params: { jobId: 'job-1' }, body: {}, caller: ADMIN };
    const refused = { faults: [{ in: 'path', pointer: '/jobId' }] };
    await expect(ask('cancel', wrong, having(READY))).rejects.toMatchObject(refused);
    await expect(askToDelete({ ...wrong, query: {} }, having(READY))).rejects.toMatchObject(refused);
  });
});

const again = (world: World, body?: object, headers?: Record<string, string>) =>
  ask('rerun', { params, body, caller: OPERATOR, ...(headers && { headers }) }, world);

describe('a rerun that is asked for', () => {
  it('is a new job each time, also within a millisecond, and is in the audit of the old one with its reason', async () => {
    const world = having(OVER);
    const first = await again(world, { reason: 'Once more.' });
    const second = await again(world);
    expect([first, second].map(({ jobId, rerunOf }) => [jobId, rerunOf])).toEqual([
      [idOf(1), JOB],
      [idOf(2), JOB],
    ]);
    expect(world.audit.of(OVER)).toMatchObject([
      { verb: 'rerun', newJobId: idOf(2) },
      { verb: 'rerun', newJobId: idOf(1), reason: 'Once more.' },
    ]);
  });

  it('is the same job under the same Idempotency-Key', async () => {
    const world = having(OVER);
    const headers = { 'idempotency-key': 'monday' };
    const first = await again(world, {}, headers);
    expect(first.jobId).toBe(jobIdOf('monday', OPERATOR));
    expect(await again(world, {}, headers)).toEqual(first);
    expect(world.jobs.rows()).toHaveLength(2);
  });

  it.each([
    ['from the start if nothing is said', {}, undefined],
    ['from the start', { fromCheckpoint: false }, undefined],
    ['from where the last checkpoint was', { fromCheckpoint: true }, 'two'],
  ])('begins %s', async (_where, body, cursor) => {
    const world = having(OVER);
    await world.details.saveCursor(OVER, 'two');
    expect(await world.details.getCursor(await again(world, body))).toEqual(cursor);
  });

  it.each([
    [{ fromCheckpoint: 'yes' }, {}, [{ pointer: '/fromCheckpoint' }]],
    [{ from: 'start' }, {}, [{ pointer: '/from' }]],
    [{ reason: '' }, {}, [{ pointer: '/reason' }]],
    [{}, { 'idempotency-key': '' }, [{ in: 'header', pointer: '/idempotency-key' }]],
  ])('with a fault makes no job: %j %j', async (body, headers, faults) => {
    const world = having(OVER);
    await expect(again(world, body, headers)).rejects.toMatchObject({ faults });
    expect(world.jobs.rows()).toEqual([OVER]);
  });
});

const away = (query: object, world: World) => askToDelete({ params, query, caller: ADMIN }, world);

describe('a deletion that is asked for', () => {
  it('takes away what is over', async () => {
    const world = having(OVER);
    expect(await away({}, world)).toBeUndefined();
    expect(world.jobs.rows()).toEqual([]);
  });

  it.each([{}, { force: 'false' }])('does not force anything unless it says so: %j', async (query) => {
    const world = having(READY);
    await expect(away(query, world)).rejects.toMatchObject({ code: 'VerbRefused', verb: 'delete' });
    expect(await theJob(JOB, world)).toEqual(READY);
  });

  it('by force stops what runs, is answered with it, and its reason is in the audit', async () => {
    const world = having(RUNNING);
    const job = await away({ force: 'true', reason: 'Wrong folder.' }, world);
    expect(job).toEqual(await theJob(JOB, world));
    expect(job).toMatchObject({ statusCode: Status.Canceling, deleteWhenOver: true });
    expect(world.audit.of(RUNNING)).toMatchObject([{ verb: 'delete', by: 'adam', reason: 'Wrong folder.' }]);
  });

  it.each([
    [{ force: 'yes' }, '/force'],
    [{ reason: '' }, '/reason'],
    [{ really: 'true' }, '/really'],
  ])('does not understand %j', async (query, pointer) => {
    const world = having(OVER);
    await expect(away(query, world)).rejects.toMatchObject({ faults: [{ in: 'query', pointer }] });
    expect(world.jobs.rows()).toEqual([OVER]);
  });
});
