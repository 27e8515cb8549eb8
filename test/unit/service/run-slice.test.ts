import { describe, expect, it } from '@jest/globals';
import { type Checkpoint, type Outcome, PermanentError } from '../../../shared/service/operation.ts';
import { TransitionRefused } from '../../../shared/service/ports.ts';
import { runSlice, type Slice } from '../../../shared/service/run-slice.ts';
import { settableClock } from '../../support/memory/settable-clock.ts';
import { abortError, countingSteps, nothingDone, stepsOf } from '../../support/steps.ts';

/** A slice of ten seconds that remembers what it saved. */
function aSlice(facts: Partial<Slice> = {}) {
  const clock = settableClock();
  const saved: number[] = [];
  const save = async (checkpoint: Checkpoint): Promise<void> => void saved.push(checkpoint.done);
  return {
    clock,
    saved,
    slice: { clock, endsAt: clock() + 10_000, stop: new AbortController(), save, ...facts },
  };
}

describe('a slice', () => {
  it('ends with the outcome of an operation that gets done', async () => {
    const { clock, slice } = aSlice();
    const end = await runSlice(countingSteps({ to: 3, msPerStep: 1, clock, done: nothingDone() }), slice);
    expect(end).toEqual({
      kind: 'succeeded',
      outcome: { result: { counted: 3 }, friendlyMessage: 'Counted to 3.' },
      latest: { done: 3, total: 3, cursor: { counted: 3 } },
    });
  });

  it('saves a checkpoint at most once a second', async () => {
    const { clock, slice, saved } = aSlice();
    await runSlice(countingSteps({ to: 9, msPerStep: 400, clock, done: nothingDone() }), slice);
    expect(saved).toEqual([3, 6, 9]);
  });

  it('yields when its time is up, with the last checkpoint saved', async () => {
    const { clock, slice, saved } = aSlice({ endsAt: settableClock()() + 500 });
    const end = await runSlice(countingSteps({ to: 9, msPerStep: 100, clock, done: nothingDone() }), slice);
    expect([end.kind, saved]).toEqual(['stopped', [5]]);
  });

  it('begins nothing any more after that', async () => {
    const { clock, slice } = aSlice({ endsAt: settableClock()() + 500 });
    const done = nothingDone();
    await runSlice(countingSteps({ to: 9, msPerStep: 100, clock, done }), slice);
    expect(done).toEqual({ effects: [1, 2, 3, 4, 5], cleanedUp: 1 });
  });

  it('fires the signal at its end, so that nothing goes on behind it', async () => {
    const { clock, slice } = aSlice();
    await runSlice(countingSteps({ to: 1, msPerStep: 1, clock, done: nothingDone() }), slice);
    expect(slice.stop.signal.aborted).toBe(true);
  });
});

const ONE: Checkpoint = { done: 1, cursor: 1 };
const TWO: Checkpoint = { done: 2, cursor: 2 };

const obeying = (stop: AbortController, ...checkpoints: Checkpoint[]) =>
  stepsOf(checkpoints, () => {
    stop.abort();
    throw abortError();
  });

describe('an operation that obeys the signal by throwing', () => {
  it('yields, and what it had done until its last checkpoint stands', async () => {
    const { slice, saved } = aSlice();
    expect([await runSlice(obeying(slice.stop, ONE, TWO), slice), saved]).toEqual([{ kind: 'stopped' }, [2]]);
  });

  it('yields without a save if it had not come to a checkpoint', async () => {
    const { slice, saved } = aSlice();
    expect([await runSlice(obeying(slice.stop), slice), saved]).toEqual([{ kind: 'stopped' }, []]);
  });

  it('fails if nobody had asked it to stop', async () => {
    const { slice } = aSlice();
    const end = await runSlice(obeying(new AbortController(), ONE), slice);
    expect(end).toMatchObject({ kind: 'failed', permanent: false });
  });
});

const throwing = (error: unknown) =>
  stepsOf([ONE], async () => {
    throw error;
  });

describe('an operation that throws', () => {
  it.each([
    ['for good if it says that no second try can mend it', new PermanentError('No such folder.'), true],
    ['for now with any other error', new Error('Timeout.'), false],
    ['also when it throws something that is no error', 'a text', false],
  ])('fails %s', async (_how, error, permanent) => {
    expect(await runSlice(throwing(error), aSlice().slice)).toEqual({ kind: 'failed', error, permanent });
  });

  it('has lost its claim where a fenced write of its own was refused, and is no failure', async () => {
    const refusal = new TransitionRefused({ verb: 'save asset', jobId: 'a' });
    expect(await runSlice(throwing(refusal), aSlice().slice)).toEqual({ kind: 'refused', refusal });
  });

  it('fails also where it was asked to stop and something else went wrong', async () => {
    const { slice } = aSlice();
    slice.stop.abort();
    const error = new Error('The table is gone.');
    const steps = stepsOf([], () => Promise.reject(error));
    expect(await runSlice(steps, slice)).toEqual({ kind: 'failed', error, permanent: false });
  });
});

const refusing = (refusal: Error) => {
  const save = async () => {
    throw refusal;
  };
  const { clock, slice } = aSlice({ save });
  const done = nothingDone();
  return { done, run: () => runSlice(countingSteps({ to: 9, msPerStep: 1_000, clock, done }), slice) };
};

describe('a slice whose checkpoint cannot be saved', () => {
  it('ends with the refusal, be it for another worker or for a person, and the operation cleans up', async () => {
    const refusal = new TransitionRefused({ verb: 'checkpoint', jobId: 'a' });
    const { done, run } = refusing(refusal);
    expect([await run(), done]).toMatchObject([
      { kind: 'refused', refusal, latest: { done: 1 } },
      { effects: [1], cleanedUp: 1 },
    ]);
  });

  it('fails when the table does not answer, and the operation cleans up', async () => {
    const { done, run } = refusing(new Error('Timeout.'));
    expect([await run(), done]).toMatchObject([{ kind: 'failed', permanent: false }, { cleanedUp: 1 }]);
  });
});

async function* stubborn(error?: Error): AsyncGenerator<Checkpoint, Outcome, void> {
  try {
    for (;;) yield ONE;
  } finally {
    if (error) throw error; // oxlint-disable-line no-unsafe-finally -- the worst that can happen
  }
}

describe('what an operation says while it cleans up', () => {
  it('changes nothing, be it an outcome or an error', async () => {
    const ends = [stubborn(), stubborn(new Error('The door is stuck.'))].map((steps) =>
      runSlice(steps, aSlice({ endsAt: 0 }).slice),
    );
    expect(await Promise.all(ends)).toEqual([{ kind: 'stopped' }, { kind: 'stopped' }]);
  });
});
