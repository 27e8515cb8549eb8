import { describe, expect, it } from '@jest/globals';
import { ALL_STATUSES, isCompleted, Status } from '../../../shared/job/status.ts';
import {
  applied,
  isLegal,
  type Removal,
  type Transition,
  transition,
  wasAlreadyMade,
} from '../../../shared/job/transition.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { isRemoval, OF_A_RING, STEPS, stepOf, TRANSITIONS } from '../../support/all-steps.ts';
import { expected, jobIn, SITUATIONS, wordsOf } from '../../support/situations.ts';

const ALL = Object.entries(STEPS);

function verdictOf(job: Parameters<typeof isLegal>[0], step: Transition | Removal): string {
  if (isLegal(job, step)) return 'moves';
  return !isRemoval(step) && wasAlreadyMade(job, step) ? 'stands' : 'refused';
}

describe.each(ALL)('whether "%s" is legal', (name, plan) => {
  it.each(ALL_STATUSES)('is as written down for every job in status %d', (status) => {
    const situations = SITUATIONS.filter((situation) => situation.status === status);
    const verdicts = situations.map((situation) => {
      const job = jobIn(situation);
      return `${wordsOf(situation)}: ${verdictOf(job, plan(job))}`;
    });
    expect(verdicts).toEqual(
      situations.map((situation) => `${wordsOf(situation)}: ${expected(name, situation)}`),
    );
  });
});

describe('a step that was planned for another job with the same id', () => {
  it.each(ALL.filter(([name]) => !OF_A_RING.includes(name)))('is refused: %s', (_name, plan) => {
    const verdicts = SITUATIONS.map((situation) => {
      const job = jobIn(situation);
      return verdictOf(job, plan({ ...job, sequence: job.sequence + 1 }));
    });
    expect(new Set(verdicts)).toEqual(new Set(['refused']));
  });

  it.each(OF_A_RING)('is refused where that stands in another line: %s', (name) => {
    const [free, inLine, inAnother] = [{}, { dependencyToken: 'orders' }, { dependencyToken: 'others' }];
    const pairs = [
      [free, inLine],
      [inLine, free],
      [inLine, inAnother],
    ] as const;
    const verdicts = pairs.flatMap(([planned, there]) =>
      SITUATIONS.map((situation) =>
        verdictOf(jobIn(situation, there), stepOf(name, jobIn(situation, planned))),
      ),
    );
    expect(new Set(verdicts)).toEqual(new Set(['refused']));
  });
});

describe('a completed job', () => {
  const over = SITUATIONS.filter(({ status }) => isCompleted(status)).map((each) => jobIn(each));

  it.each(Object.entries(TRANSITIONS))('never changes again by "%s"', (_name, plan) => {
    const moved = over.filter((job) => isLegal(job, plan(job)));
    expect([over.length, moved]).toEqual([54, []]);
  });
});

const after = (name: string, job = aRunningJob()) => applied(job, stepOf(name, job));

describe('the row after a step', () => {
  it('of a claim has the lease, the host and the next claim number', () => {
    expect(after('claim', aJob())).toMatchObject({
      statusCode: Status.InProgress,
      claimNumber: 1,
      hostId: 'host-now',
      leaseEndsAt: at(660_000),
      startedOn: at(600_000),
      modifiedOn: at(600_000),
    });
  });

  it('keeps when the job was started first', () => {
    expect(after('claim', aJob({ startedOn: at(5) })).startedOn).toBe(at(5));
  });

  it.each(['claim', 'wake', 'resume'])('of "%s" waits for no date any more', (name) => {
    const next = after(name, aJob({ statusCode: 10, postponeUntil: at(), isRetrying: true }));
    expect([next.postponeUntil, next.isRetrying]).toEqual([undefined, undefined]);
  });

  it('keeps what the step does not touch', () => {
    const job = aRunningJob({ description: 'Nightly', retryCount: 2, depth: 4, crashCount: 1 });
    const { crashCount: _forgotten, ...kept } = job;
    expect(after('checkpoint', job)).toEqual({
      ...kept,
      progressDone: 7,
      progressTotal: 9,
      modifiedOn: at(600_000),
    });
  });

  it('has a higher claim number only after a claim', () => {
    const job = aRunningJob({ claimNumber: 3 });
    const raised = Object.keys(TRANSITIONS).filter((name) => after(name, job).claimNumber > 3);
    expect(raised).toEqual(['claim', 'claim, beside others', 'proceed', 'recover']);
  });

  it('counts the crash when a dead worker is replaced, and only then', () => {
    expect([
      after('recover').crashCount,
      after('recover', aRunningJob({ crashCount: 1 })).crashCount,
    ]).toEqual([1, 2]);
    expect(after('proceed', aRunningJob({ crashCount: 1 })).crashCount).toBe(1);
  });

  const GIVE_BACK = [
    'yield',
    'succeed',
    'fail',
    'give up',
    'retry',
    'pause, by its worker',
    'cancel, by its worker',
  ];
  it.each(GIVE_BACK)('of "%s" has neither lease nor host', (name) => {
    const { leaseEndsAt, hostId } = after(name);
    expect([leaseEndsAt, hostId]).toEqual([undefined, undefined]);
  });

  const END = [
    'succeed',
    'fail',
    'give up',
    'cancel, by its worker',
    'cancel, for the dead',
    'cancel one that waits',
  ];
  it.each(END)('of "%s" is dated and watched no longer', (name) => {
    const next = after(name);
    expect(isCompleted(next.statusCode)).toBe(true);
    expect(next).toMatchObject({ completedOn: at(600_000) });
    expect(next).not.toHaveProperty('watchAt');
  });

  const WISHES = ['pause', 'resume', 'reschedule', 'cancel one that waits', 'cancel one that runs'];
  it.each(WISHES)('of "%s" says who asked for it', (name) => {
    expect(after(name)).toMatchObject({ modifiedBy: 'adam', modifiedOn: at(600_000) });
  });

  it('of a worker does not say that a person has changed it', () => {
    expect(after('succeed').modifiedBy).toBe('olga');
  });
});

describe('a step that was refused', () => {
  it('had been made already if a claim shows our own host, and not if it shows another', () => {
    const job = aJob({ statusCode: Status.InProgress, claimNumber: 1, leaseEndsAt: at(660_000) });
    const step = stepOf('claim', job);
    expect(wasAlreadyMade({ ...job, hostId: 'host-now' }, step)).toBe(true);
    expect(wasAlreadyMade({ ...job, hostId: 'host-before' }, step)).toBe(false);
    expect(wasAlreadyMade(job, step)).toBe(false);
  });

  it('of a person is not taken for another one that the same person made at the same instant', () => {
    // A pause and a postponement both lead to Pausing: one of them would be answered, and lost.
    const job = aJob({ statusCode: Status.Pausing, modifiedBy: 'adam', modifiedOn: at(600_000) });
    expect(wasAlreadyMade(job, stepOf('postpone one that runs', job))).toBe(false);
  });

  it('of nobody in particular is never taken for one that was made', () => {
    const job = aJob({ statusCode: Status.Failed, modifiedOn: at(600_000) });
    expect(wasAlreadyMade(job, stepOf('give up', job))).toBe(false);
  });
});

describe('a step', () => {
  it('that the lifecycle table does not have cannot be built', () => {
    const step = { verb: 'succeed', jobId: 'a', to: Status.Canceled, now: at() } as const;
    expect(() => transition(step)).toThrow('No move of "succeed" leads to status 32.');
  });

  it('of the holder cannot be made in anybody’s name, nor the other way round', () => {
    const job = aRunningJob({ statusCode: Status.Canceling, claimNumber: 3, leaseEndsAt: at() });
    const needs = (name: string) => stepOf(name, job).moves.map((move) => move.needs);
    expect(needs('cancel, by its worker')).toEqual([['ownClaim', 'staysWhenOver']]);
    expect(needs('cancel, for the dead')).toEqual([['leaseOver', 'staysWhenOver']]);
    expect(STEPS['remove, for the dead']?.(job).moves.map((move) => move.needs)).toEqual([['leaseOver']]);
  });

  it('takes no column away that it does not name', () => {
    expect(stepOf('proceed', aRunningJob()).remove).toEqual([]);
  });
});
