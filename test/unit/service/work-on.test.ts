import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { Job } from '../../../shared/job/job.ts';
import type { Json } from '../../../shared/job/json.ts';
import { defineOperation } from '../../../shared/operations/define-operation.ts';
import type { RunContext } from '../../../shared/service/operation.ts';
import { RESULT_ON_ROW_BYTES, resultOf } from '../../../shared/service/result.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, runOnce, theJob, type World, withOperation } from '../../support/a-world.ts';
import { stepsOf } from '../../support/steps.ts';

describe('a job whose operation gets done', () => {
  it('is Succeeded, dated, unlocked and watched no longer', async () => {
    const world = aWorld(anOperation());
    const before = aJob();
    const { watchAt: _gone, ...kept } = before;
    expect(await runOnce(before, world)).toEqual({
      ...kept,
      statusCode: 30,
      claimNumber: 1,
      startedOn: at(),
      completedOn: at(),
      executionTimeSpan: 0,
    });
  });

  it.each([
    ['on its row where it is small', RESULT_ON_ROW_BYTES, { result: expect.stringMatching(/^"é+"$/) }],
    ['beside the row where it is not', 1_000, { hasResult: true }],
  ])('has its result %s, and its message on it', async (_where, bytes, facts) => {
    // Two bytes each, and the quotes.
    const outcome = { result: 'é'.repeat(bytes / 2 - 1), friendlyMessage: 'All 3 files are processed.' };
    const world = aWorld(anOperation({ run: () => stepsOf([], () => outcome) }));
    const job = await runOnce(aJob(), world);
    expect(job).toMatchObject({ ...facts, friendlyMessage: outcome.friendlyMessage });
    expect('result' in job && 'hasResult' in job).toBe(false);
    expect(await resultOf(job, world.details)).toEqual(outcome.result);
  });

  it('has no result where the operation gave none', async () => {
    const world = aWorld(anOperation());
    const job = await runOnce(aJob(), world);
    expect([job.hasResult, await resultOf(job, world.details)]).toEqual([undefined, undefined]);
  });

  it('keeps a result that is null, which is not the same as none', async () => {
    const world = aWorld(anOperation({ run: () => stepsOf([], () => ({ result: null })) }));
    const job = await runOnce(aJob(), world);
    expect([job.result, await resultOf(job, world.details)]).toEqual(['null', null]);
  });

  it('does not ring again', async () => {
    const world = aWorld(anOperation());
    await runOnce(aJob(), world);
    expect([world.doorbell.rings, world.timers.timers]).toEqual([[], []]);
  });

  it('has the progress of its last checkpoint, also when that was never saved', async () => {
    const checkpoints = [2, 3].map((done) => ({ done, total: 3, cursor: done }));
    const job = await runOnce(aJob(), aWorld(anOperation({ run: () => stepsOf(checkpoints) })));
    expect([job.progressDone, job.progressTotal]).toEqual([3, 3]);
  });
});

/** A world whose operation remembers what it was handed. */
function watching(facts: Partial<Parameters<typeof anOperation>[0]> = {}) {
  const seen: { input: Json; context: RunContext<unknown> }[] = [];
  const operation = anOperation({
    run: (input, context) => {
      seen.push({ input, context });
      return stepsOf([]);
    },
    ...facts,
  });
  return { seen, world: aWorld(operation) };
}

describe('the input of a run', () => {
  it.each([
    ['on the row', { input: '{"to":3}' }],
    ['beside the row', {}],
  ])('comes to the operation from %s', async (_where, facts) => {
    const { seen, world } = watching();
    const { input: _onRow, ...job } = aJob();
    await world.details.putInput(job, { to: 3 });
    await runOnce({ ...job, ...facts }, world);
    expect(seen.map(({ input }) => input)).toEqual([{ to: 3 }]);
  });

  it('is that of the order that became the job, not that of another one with the same id', async () => {
    const { seen, world } = watching();
    const { input: _onRow, ...job } = aJob({ requestHash: 'ours' });
    await world.details.putInput(job, 'ours');
    await world.details.putInput({ ...job, requestHash: 'theirs' }, 'theirs');
    await runOnce(job, world);
    expect(seen.map(({ input }) => input)).toEqual(['ours']);
  });
});

const BLOB = 'abcdef00-0000-7000-8000-00000000000b';

const uploaded = async (text: string, input: z.ZodType<Json> = z.json()) => {
  const { seen, world } = watching({ input });
  world.inputs.put(BLOB, text);
  const { input: _onRow, ...job } = aJob({ inputBlobId: BLOB });
  await world.inputs.keepFor({ ...job, inputBlobId: BLOB });
  return { seen, job: await runOnce(job, world) };
};

describe('an input that was uploaded', () => {
  it('comes to the operation as its schema reads it', async () => {
    const { seen } = await uploaded('{"to":3}', z.object({ to: z.number(), step: z.number().default(1) }));
    expect(seen.map(({ input }) => input)).toEqual([{ to: 3, step: 1 }]);
  });

  it.each([
    ['that is no JSON', '{"to":', 'The uploaded input is no JSON.'],
    ['that does not fit', '{"to":"x"}', 'The uploaded input does not fit. /input/to:'],
  ])('%s fails the job for good, and tells people why', async (_what, text, message) => {
    const { job, seen } = await uploaded(text, z.object({ to: z.number() }));
    expect([job.statusCode, job.errorCode, seen]).toEqual([31, 2, []]);
    expect(job.friendlyMessage).toContain(message);
  });

  it('that cannot be read just now is tried again', async () => {
    const { input: _onRow, ...job } = aJob({ inputBlobId: BLOB });
    expect(await runOnce(job, watching().world)).toMatchObject({ statusCode: 10, isRetrying: true });
  });
});

describe('a run', () => {
  it('knows which one of its job it is', async () => {
    const { seen, world } = watching();
    const facts = { claimNumber: 6, retryCount: 2, crashCount: 1 };
    await runOnce(aJob(facts), { ...world, newId: () => 'host-7' });
    const [{ context } = {}] = seen;
    expect(context?.run).toEqual({ claimNumber: 7, tries: 3, crashes: 1, hostId: 'host-7' });
  });

  it('dates its checkpoints', async () => {
    const world = aWorld();
    const rows: Job[] = [];
    const operation = anOperation({
      async *run(_input, { jobId }) {
        world.clock.advance(700);
        yield { done: 1, cursor: 1, mustSave: true };
        rows.push(await theJob(jobId, world));
        return {};
      },
    });
    await runOnce(aJob(), withOperation(world, operation));
    expect(rows).toMatchObject([{ progressDone: 1, modifiedOn: at(700) }]);
  });

  it('logs under the id of its job', async () => {
    const world = aWorld(
      anOperation({
        run: (_input, { log }) =>
          stepsOf([], () => {
            log('hello', { n: 1 });
            return {};
          }),
      }),
    );
    const { jobId } = await runOnce(aJob(), world);
    expect(world.logged).toEqual([{ text: 'hello', facts: { jobId, n: 1 } }]);
  });
});

const cursorIn = async (facts: Partial<ReturnType<typeof aJob>>) => {
  const { seen, world } = watching();
  const job = aJob(facts);
  await world.details.saveCursor({ ...job, claimNumber: 0 }, 'saved');
  await runOnce(job, world);
  return seen.map(({ context }) => context.cursor);
};

describe('the cursor of a run', () => {
  it.each([
    ['is none in the first', {}, undefined],
    ['is that of the last checkpoint in any other', { claimNumber: 1 }, 'saved'],
    ['is that of the job that is run again in the first of a rerun', { rerunOf: 'another' }, 'saved'],
  ])('%s', async (_what, facts, cursor) => {
    expect(await cursorIn(facts)).toEqual([cursor]);
  });
});

describe('a job that cannot be run at all', () => {
  it('is Failed when this deployment does not have its operation', async () => {
    expect(await runOnce(aJob({ operation: 'gone' }), aWorld(anOperation()))).toMatchObject({
      statusCode: 31,
      errorCode: 3,
      friendlyMessage: 'This deployment has no operation "gone".',
    });
  });

  const picky = defineOperation({
    ...anOperation({ maxRetries: 0 }),
    input: z.object({ to: z.number() }),
    cursor: z.object({ counted: z.number() }),
    run: () => stepsOf([]),
  });

  it('is Failed when its cursor does not fit the operation any more', async () => {
    const world = aWorld(picky);
    const job = aJob({ claimNumber: 1 });
    await world.details.saveCursor(job, { page: 'x' });
    expect(await runOnce(job, world)).toMatchObject({ statusCode: 31 });
  });

  it('is Failed when its input does not fit the operation any more', async () => {
    expect(await runOnce(aJob({ input: '{"upTo":3}' }), aWorld(picky))).toMatchObject({ statusCode: 31 });
  });
});

/** An operation that sleeps for a minute, and says how that ended. */
function sleeping(): { world: World; ends: string[] } {
  const ends: string[] = [];
  const world = aWorld();
  const operation = anOperation({
    async *run(_input, { sleep }) {
      yield { done: 1, cursor: 'before' };
      await sleep(60_000).catch((error: Error) => {
        ends.push(error.name);
        throw error;
      });
      ends.push('rested');
      return {};
    },
  });
  return { world: withOperation(world, operation), ends };
}

describe('an operation that sleeps', () => {
  it('goes on when it has rested', async () => {
    const { world, ends } = sleeping();
    const running = runOnce(aJob(), world);
    await whileRunning(() => world.clock.advance(60_000));
    expect([(await running).statusCode, ends]).toEqual([30, ['rested']]);
  });

  it('wakes when its slice is over, and gives the job back', async () => {
    const { world, ends } = sleeping();
    const running = runOnce(aJob(), world, { sliceMs: 5_000 });
    await whileRunning(() => world.clock.advance(5_000));
    expect(await running).toMatchObject({ statusCode: 20, progressDone: 1 });
    expect(ends).toEqual(['AbortError']);
  });

  it('does not fall asleep when its slice is over already', async () => {
    const world = aWorld();
    const operation = anOperation({
      async *run(_input, { sleep }) {
        yield { done: 1, cursor: 'before' };
        world.clock.advance(5_000);
        await sleep(60_000);
        return {};
      },
    });
    const job = await runOnce(aJob(), withOperation(world, operation), { sliceMs: 5_000 });
    expect(job).toMatchObject({ statusCode: 20, progressDone: 1 });
  });
});

/** The same world, and how many of its alarms may still ring. */
function withAlarmsCounted(world: World): { world: World; open: () => number } {
  const alarms = new Set<object>();
  const alarm: World['alarm'] = (ms, ring) => {
    const one = {};
    alarms.add(one);
    const callOff = world.alarm(ms, () => {
      alarms.delete(one);
      ring();
    });
    return () => {
      alarms.delete(one);
      callOff();
    };
  };
  return { world: { ...world, alarm }, open: () => alarms.size };
}

describe('a slice that is over', () => {
  it('leaves no alarm behind, for Lambda would freeze it with the invocation', async () => {
    const done = withAlarmsCounted(aWorld(anOperation()));
    await runOnce(aJob(), done.world);
    const { world } = sleeping();
    const stopped = withAlarmsCounted(world);
    const running = runOnce(aJob(), stopped.world, { sliceMs: 5_000 });
    await whileRunning(() => world.clock.advance(5_000));
    await running;
    expect([done.open(), stopped.open()]).toEqual([0, 0]);
  });
});

/** When everything that can go on has gone on, moves the clock. */
async function whileRunning(then: () => void): Promise<void> {
  await new Promise(setImmediate);
  then();
  await new Promise(setImmediate);
}
