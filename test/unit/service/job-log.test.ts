import { describe, expect, it } from '@jest/globals';
import type { Checkpoint, Outcome, RunContext, Steps } from '../../../shared/service/operation.ts';
import { PermanentError } from '../../../shared/service/operation.ts';
import { cancelJob } from '../../../shared/service/verbs.ts';
import { aJob, at } from '../../support/a-job.ts';
import { textsOf, upwards } from '../../support/a-log.ts';
import { anOperation, aWorld, runOnce } from '../../support/a-world.ts';
import { OPERATOR } from '../../support/callers.ts';

type Run = (context: RunContext<unknown>) => Steps;

async function logOf(run: Run, facts: Parameters<typeof anOperation>[0] = {}) {
  const world = aWorld(anOperation({ run: (_input, context) => run(context), ...facts }));
  const job = await runOnce(aJob({ createdBy: OPERATOR.id, ownerId: OPERATOR.id }), world);
  return { world, job, lines: await upwards(job, world.logs) };
}

describe('the log of a job', () => {
  it('has what its operation says, with the time that is left, between what the engine does', async () => {
    const { lines, world, job } = await logOf(async function* ({ log, clock }) {
      log('begun', { level: 'debug', item: '/a', step: 1 });
      (clock as unknown as { advance(ms: number): void }).advance(10_000); // oxlint-disable-line typescript/no-unsafe-type-assertion -- the world's clock
      yield { done: 2, total: 6, cursor: 1 };
      log('on the way');
      return {};
    });
    expect(lines).toMatchObject([
      { number: 1, level: 'info', text: 'A worker took the job (claim 1, try 1).', at: Date.parse(at()) },
      { number: 2, level: 'debug', text: 'begun', item: '/a' },
      { number: 3, level: 'info', text: 'on the way', etaSeconds: 20, at: Date.parse(at(10_000)) },
      { number: 4, level: 'info', text: 'The work is done.' },
    ]);
    expect(lines[1]).not.toHaveProperty('etaSeconds');
    expect(world.logged).toEqual([
      { text: 'begun', facts: { jobId: job.jobId, item: '/a', step: 1 } },
      { text: 'on the way', facts: { jobId: job.jobId } },
    ]);
  });

  it('that says nothing stays empty', async () => {
    const { lines } = await logOf(async function* () {
      yield { done: 1, cursor: 1 };
      return {};
    });
    expect(lines).toEqual([]);
  });

  it('tells of each try and its error, over all claims', async () => {
    let tries = 0;
    const world = aWorld(
      anOperation({
        // oxlint-disable-next-line require-yield -- it fails before its first step
        run: async function* () {
          throw ++tries < 3 ? new Error(`try ${tries}`) : new PermanentError('no use');
        },
      }),
    );
    const job = aJob({ maxRetries: 5 });
    for (
      let now = await runOnce(job, world);
      now.postponeUntil !== undefined;
      now = await runOnce(job, world)
    )
      world.clock.set(Date.parse(now.postponeUntil));
    expect(textsOf(await upwards(job, world.logs))).toEqual([
      'A worker took the job (claim 1, try 1).',
      'The try failed: try 1',
      'A worker took the job (claim 2, try 2).',
      'The try failed: try 2',
      'A worker took the job (claim 3, try 3).',
      'The try failed: no use',
    ]);
  });

  it('says that the job stopped because somebody wanted it', async () => {
    const world = aWorld(
      anOperation({
        run: async function* (_input, { jobId, log }) {
          log('said');
          await cancelJob(jobId, OPERATOR, world);
          yield { done: 1, cursor: 1, mustSave: true };
          return {};
        },
      }),
    );
    const job = await runOnce(aJob({ createdBy: OPERATOR.id, ownerId: OPERATOR.id }), world);
    expect(job.statusCode).toBe(32);
    expect(textsOf(await upwards(job, world.logs))).toEqual([
      'A worker took the job (claim 1, try 1).',
      'said',
      'The worker stopped, as it was asked to.',
    ]);
  });

  it('that cannot be written stops no job', async () => {
    const world = aWorld(
      anOperation({
        run: async function* (_input, { log }) {
          log('said');
          yield { done: 1, cursor: 1, mustSave: true };
          return {};
        },
      }),
    );
    world.logs.putPage = () => Promise.reject(new Error('The table does not answer.'));
    const job = await runOnce(aJob(), world);
    expect(job.statusCode).toBe(30);
    expect(textsOf(await upwards(job, world.logs))).toEqual([]);
    const facts = { jobId: job.jobId, error: 'Error: The table does not answer.' };
    expect(world.logged).toContainEqual({ text: 'lines of a log were not written yet', facts });
  });

  it('says that workers have died on it, as a warning', async () => {
    const world = aWorld(anOperation({ run: saying }));
    const job = await runOnce(aJob({ claimNumber: 2, crashCount: 2, retryCount: 1 }), world);
    const [first] = await upwards(job, world.logs);
    expect(first).toMatchObject({
      level: 'warn',
      text: 'A worker took the job (claim 3, try 2, 2 workers have died on it).',
    });
  });

  it('says until when it waits for an event', async () => {
    const { lines } = await logOf(async function* ({ callback, log }) {
      log('asked');
      yield { done: 1, cursor: 1 };
      return { waitFor: await callback('answer', 60_000) };
    });
    expect(textsOf(lines).at(-1)).toBe(`The job waits for an event until ${at(60_000)}.`);
  });

  it('says that the rest is for another slice', async () => {
    let isClosed = false;
    const { lines } = await logOf(async function* ({ log, clock }) {
      try {
        for (let done = 1; ; done++) {
          log(`step ${done}`);
          (clock as unknown as { advance(ms: number): void }).advance(600_000); // oxlint-disable-line typescript/no-unsafe-type-assertion -- the world's clock
          yield { done, cursor: done };
        }
      } finally {
        isClosed = true;
      }
    });
    expect(textsOf(lines)).toEqual([
      'A worker took the job (claim 1, try 1).',
      'step 1',
      'The worker stopped at a checkpoint: the rest is for another slice.',
    ]);
    expect(isClosed).toBe(true);
  });

  it('is kept before the checkpoint that stands for it', async () => {
    const world = aWorld(
      anOperation({
        run: async function* (_input, { log }) {
          log('said');
          yield { done: 1, cursor: 1, mustSave: true };
          log(`kept: ${textsOf(await upwards(job, world.logs)).length}`);
          return {};
        },
      }),
    );
    const job = aJob();
    await runOnce(job, world);
    expect(textsOf(await upwards(job, world.logs))).toContain('kept: 2');
  });

  it('goes by the progress that is kept until its operation says more', async () => {
    const world = aWorld(anOperation({ run: saying }));
    const begun = { startedOn: at(-10_000), claimNumber: 1, progressDone: 2, progressTotal: 6 };
    const job = await runOnce(aJob(begun), world);
    expect(await upwards(job, world.logs)).toMatchObject([{}, { text: 'said', etaSeconds: 20 }, {}]);
  });

  it('has what an operation throws that is no error', async () => {
    const { lines } = await logOf(
      // oxlint-disable-next-line require-yield -- it fails before its first step
      async function* () {
        throw 'a text'; // oxlint-disable-line no-throw-literal, typescript/only-throw-error -- operations may do it
      },
    );
    expect(lines.at(-1)).toMatchObject({ level: 'error', text: 'The try failed: a text' });
  });
});

async function* saying(
  _input: unknown,
  { log }: RunContext<unknown>,
): AsyncGenerator<Checkpoint, Outcome, void> {
  log('said');
  yield { done: 1, cursor: 1 };
  return {};
}
