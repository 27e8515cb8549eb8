import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { Json } from '../../../shared/job/json.ts';
import { defineOperation } from '../../../shared/operations/define-operation.ts';
import { PermanentError } from '../../../shared/service/operation.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, runOnce } from '../../support/a-world.ts';
import { stepsOf } from '../../support/steps.ts';

describe('a job whose operation gets done', () => {
  it('is Succeeded, dated, unlocked and watched no longer', async () => {
    const world = aWorld(anOperation());
    const before = aJob();
    const { answer, job } = await runOnce(before, world);
    const { watchAt: _gone, ...kept } = before;
    expect(answer).toBe('done');
    expect(job).toEqual({
      ...kept,
      statusCode: 30,
      claimNumber: 1,
      startedOn: at(),
      completedOn: at(),
      executionTimeSpan: 0,
    });
  });

  it('has its result beside the row and its message on it', async () => {
    const outcome = { result: { files: 3 }, friendlyMessage: 'All 3 files are processed.' };
    const world = aWorld(anOperation({ run: () => stepsOf([], () => outcome) }));
    const { job } = await runOnce(aJob(), world);
    expect(job).toMatchObject({ hasResult: true, friendlyMessage: outcome.friendlyMessage });
    expect(await world.details.getResult(job.jobId)).toEqual(outcome.result);
  });

  it('has no result where the operation gave none', async () => {
    const world = aWorld(anOperation());
    const { job } = await runOnce(aJob(), world);
    expect([job.hasResult, await world.details.getResult(job.jobId)]).toEqual([undefined, undefined]);
  });

  it('keeps a result that is null, which is not the same as none', async () => {
    const world = aWorld(anOperation({ run: () => stepsOf([], () => ({ result: null })) }));
    const { job } = await runOnce(aJob(), world);
    expect([job.hasResult, await world.details.getResult(job.jobId)]).toEqual([true, null]);
  });

  it('does not ring again', async () => {
    const world = aWorld(anOperation());
    await runOnce(aJob(), world);
    expect(world.doorbell.rings).toEqual([]);
  });
});

describe('the input of a run', () => {
  it.each([
    ['on the row', { input: '{"to":3}' }],
    ['beside the row', {}],
  ])('comes to the operation from %s', async (_where, facts) => {
    const seen: Json[] = [];
    const world = aWorld(
      anOperation({
        run: (input) => {
          seen.push(input);
          return stepsOf([]);
        },
      }),
    );
    const { input: _onRow, ...job } = aJob();
    await world.details.putInput(job.jobId, { to: 3 });
    await runOnce({ ...job, ...facts }, world);
    expect(seen).toEqual([{ to: 3 }]);
  });
});

const failing = (error: unknown) =>
  aWorld(
    anOperation({
      label: 'Count',
      run: () =>
        stepsOf([], async () => {
          throw error;
        }),
    }),
  );

describe('a job whose operation throws', () => {
  it('is Failed; engineers see the error, people do not', async () => {
    const { answer, job } = await runOnce(aJob(), failing(new Error('ECONNRESET 10.0.0.7')));
    expect(answer).toBe('done');
    expect(job).toMatchObject({
      statusCode: 31,
      message: 'ECONNRESET 10.0.0.7',
      friendlyMessage: 'Count stopped at an unexpected error.',
      errorCode: 1,
      completedOn: at(),
    });
    expect([job.leaseEndsAt, job.watchAt]).toEqual([undefined, undefined]);
  });

  it('tells people the reason when the error is permanent, for it was written for them', async () => {
    const { job } = await runOnce(aJob(), failing(new PermanentError('There is no folder /x.')));
    expect(job).toMatchObject({ statusCode: 31, friendlyMessage: 'There is no folder /x.', errorCode: 2 });
  });

  it('keeps up to 1,000 characters of what went wrong, however little of it fits on the row', async () => {
    const world = failing(new PermanentError('x'.repeat(5_000)));
    const { job } = await runOnce(aJob({ longTexts: ['name'] }), world);
    expect(job.longTexts).toEqual(['name', 'friendlyMessage', 'message']);
    expect(await world.details.getText(job.jobId, 'message')).toBe('x'.repeat(1_000));
    expect(await world.details.getText(job.jobId, 'friendlyMessage')).toBe('x'.repeat(1_000));
  });

  it('is Failed also when what it throws is no error', async () => {
    const { job } = await runOnce(aJob(), failing('just a text'));
    expect(job).toMatchObject({ statusCode: 31, message: 'just a text' });
  });
});

describe('the progress of a job that gets done', () => {
  it('is that of its last checkpoint, also when that was never saved', async () => {
    const checkpoints = [2, 3].map((done) => ({ done, total: 3, cursor: done }));
    const { job } = await runOnce(aJob(), aWorld(anOperation({ run: () => stepsOf(checkpoints) })));
    expect([job.progressDone, job.progressTotal]).toEqual([3, 3]);
  });
});

describe('a job that cannot be run at all', () => {
  it('is Failed when this deployment does not have its operation', async () => {
    const { answer, job } = await runOnce(aJob({ operation: 'gone' }), aWorld(anOperation()));
    expect(answer).toBe('done');
    expect(job).toMatchObject({
      statusCode: 31,
      errorCode: 3,
      message: 'This deployment has no operation "gone".',
    });
  });

  const picky = defineOperation({
    ...anOperation(),
    input: z.object({ to: z.number() }),
    cursor: z.object({ counted: z.number() }),
    run: () => stepsOf([]),
  });

  it('is Failed when its cursor does not fit the operation any more', async () => {
    const world = aWorld(picky);
    const job = aJob({ claimNumber: 1 });
    await world.details.saveCursor(job, { page: 'x' });
    expect((await runOnce(job, world)).job).toMatchObject({ statusCode: 31 });
  });

  it('is Failed when its input does not fit the operation any more', async () => {
    const { job } = await runOnce(aJob({ input: '{"upTo":3}' }), aWorld(picky));
    expect(job).toMatchObject({ statusCode: 31 });
  });
});
