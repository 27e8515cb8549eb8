import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { ALL_STATUSES, Status } from '../../../shared/job/status.ts';
import { claim } from '../../../shared/job/worker-transitions.ts';
import type { Caller } from '../../../shared/service/caller.ts';
import {
  cancelJob,
  deleteJob,
  pauseJob,
  postponeJob,
  rescheduleJob,
  resumeJob,
} from '../../../shared/service/verbs.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, put, theJob, type World } from '../../support/a-world.ts';
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const FAR = at(3_600_000);

/** Every verb of a person but `rerun`, as it is called. */
const VERBS = {
  cancel: (job: Job, world: World, caller: Caller) => cancelJob(job.jobId, caller, world),
  pause: (job: Job, world: World, caller: Caller) => pauseJob(job.jobId, caller, world),
  resume: (job: Job, world: World, caller: Caller) => resumeJob(job.jobId, caller, world),
  postpone: (job: Job, world: World, caller: Caller) => postponeJob(job.jobId, { until: FAR }, caller, world),
  reschedule: (job: Job, world: World, caller: Caller) =>
    rescheduleJob(job.jobId, { until: FAR }, caller, world),
  delete: (job: Job, world: World, caller: Caller) => deleteJob(job.jobId, caller, world),
  'delete by force': (job: Job, world: World, caller: Caller) =>
    deleteJob(job.jobId, caller, world, { force: true }),
} as const;
type Verb = keyof typeof VERBS;

const NAMES = {
  [Status.WaitingForResources]: 'Ready',
  [Status.Waiting]: 'Suspended',
  [Status.InProgress]: 'In Progress',
  [Status.Pausing]: 'Pausing',
  [Status.Canceling]: 'Canceling',
  [Status.Succeeded]: 'Succeeded',
  [Status.Failed]: 'Failed',
  [Status.Canceled]: 'Canceled',
} as const;
type Name = (typeof NAMES)[keyof typeof NAMES] | 'gone' | 'refused' | 'Canceling, to be deleted';

/** What becomes of a job in each status, which waits for a date if it is Suspended; all else is refused. */
const OUTCOMES: Readonly<Record<Verb, Partial<Record<Name, Name>>>> = {
  cancel: {
    Ready: 'Canceled',
    Suspended: 'Canceled',
    'In Progress': 'Canceling',
    Pausing: 'Canceling',
    Canceling: 'Canceling',
  },
  pause: { 'In Progress': 'Pausing', Pausing: 'Pausing' },
  resume: { Suspended: 'Ready' },
  postpone: { Ready: 'Suspended', 'In Progress': 'Pausing', Pausing: 'Pausing' },
  reschedule: { Suspended: 'Suspended' },
  delete: { Suspended: 'gone', Succeeded: 'gone', Failed: 'gone', Canceled: 'gone' },
  'delete by force': {
    Ready: 'gone',
    Suspended: 'gone',
    'In Progress': 'Canceling, to be deleted',
    Pausing: 'Canceling, to be deleted',
    Canceling: 'Canceling, to be deleted',
    Succeeded: 'gone',
    Failed: 'gone',
    Canceled: 'gone',
  },
};

const aJobIn = (statusCode: Job['statusCode'], facts: Partial<Job> = {}): Job =>
  aJob({
    statusCode,
    claimNumber: 1,
    ...(statusCode === Status.Waiting && { postponeUntil: at(60_000) }),
    ...([20, 21, 22].includes(statusCode) && { leaseEndsAt: at(60_000), hostId: 'host-1' }),
    ...facts,
  });

const aCounter = () => aWorld(anOperation());

async function outcomeOf(verb: Verb, job: Job, world: World, caller: Caller = ADMIN): Promise<string> {
  put(job, world);
  const answer = await VERBS[verb](job, world, caller).catch((error: unknown) => error);
  const row = await world.jobs.get(job.jobId);
  if (answer instanceof Error) {
    expect(row).toEqual(job);
    return 'code' in answer && answer.code === 'VerbRefused' ? 'refused' : answer.name;
  }
  expect(answer).toEqual(row);
  if (row === undefined) return 'gone';
  return row.deleteWhenOver ? `${NAMES[row.statusCode]}, to be deleted` : NAMES[row.statusCode];
}

const ALL = Object.keys(OUTCOMES).flatMap(
  (verb) => ALL_STATUSES.map((status) => [verb as Verb, status] as const), // oxlint-disable-line typescript/no-unsafe-type-assertion -- Object.keys forgets the literal names
);

describe('a person’s verb', () => {
  it.each(ALL)('"%s" for a job in status %d does what is written down', async (verb, status) => {
    const right = OUTCOMES[verb][NAMES[status]] ?? 'refused';
    expect(await outcomeOf(verb, aJobIn(status), aCounter())).toBe(right);
    expect(await outcomeOf(verb, aJobIn(status, { dependencyToken: 'orders' }), aCounter())).toBe(right);
  });

  it.each(ALL)(
    '"%s" for a job of the service itself in status %d is refused before it is over',
    async (verb, status) => {
      const isRemoval = verb.startsWith('delete') && status >= Status.Succeeded;
      const outcome = await outcomeOf(verb, aJobIn(status, { isPlatformGenerated: true }), aCounter());
      expect(outcome).toBe(isRemoval ? 'gone' : 'refused');
    },
  );

  it.each(Object.entries(VERBS))(
    '"%s" for a job that is not there is answered with "not found"',
    async (_verb, call) => {
      await expect(call(aJob(), aCounter(), ADMIN)).rejects.toMatchObject({ code: 'NotFound' });
    },
  );

  it('that is refused says what the job is, and what is open to it instead', async () => {
    const world = aCounter();
    const job = put(aJobIn(Status.Waiting), world);
    await expect(pauseJob(job.jobId, ADMIN, world)).rejects.toMatchObject({
      verb: 'pause',
      openVerbs: ['cancel', 'resume', 'reschedule', 'delete'],
      message: `"pause" is not possible: the job ${job.jobId} is Scheduled. Open to it: cancel, resume, reschedule, delete.`,
    });
  });

  it('that is refused for a job of the service itself says so', async () => {
    const world = aCounter();
    const job = put(aJob({ isPlatformGenerated: true }), world);
    await expect(cancelJob(job.jobId, ADMIN, world)).rejects.toThrow(
      'is Queued and was made by the service for itself. Open to it: no verb.',
    );
  });
});

describe('who may control a job', () => {
  const OTHER: Caller = { id: 'otto', role: 'operator' };
  const CALLERS: readonly (readonly [string, Caller, Partial<Job>, boolean])[] = [
    ['its creator', OPERATOR, { createdBy: 'olga', ownerId: 'adam' }, true],
    ['its owner', OPERATOR, { createdBy: 'adam', ownerId: 'olga' }, true],
    ['an operator who has nothing to do with it', OTHER, {}, false],
    ['any admin', ADMIN, {}, true],
    ['a reader, be it its owner', { ...READER, id: 'olga' }, {}, false],
  ];

  it.each(CALLERS)('%s', async (_who, caller, facts, may) => {
    for (const verb of ['cancel', 'resume', 'reschedule', 'delete', 'delete by force'] as const) {
      const outcome = await outcomeOf(verb, aJobIn(Status.Waiting, facts), aCounter(), caller);
      expect(outcome === 'NotAllowed').toBe(!may);
    }
  });
});

describe('a job that changes while somebody looks at it', () => {
  it('is asked as it is then', async () => {
    const world = aCounter();
    const job = put(aJob(), world);
    const get = world.jobs.get.bind(world.jobs);
    world.jobs.get = async (jobId) => {
      const row = await get(jobId);
      await world.jobs
        .make(claim({ jobId }, { now: at(), leaseEndsAt: at(1), hostId: 'quick' }))
        .catch(() => undefined);
      return row;
    };
    expect((await cancelJob(job.jobId, ADMIN, world)).statusCode).toBe(Status.Canceling);
  });
});

describe('the timer of a date', () => {
  const NEAR = at(60_000);

  it.each<[string, (job: Job, until: string, world: World) => Promise<Job>, Job['statusCode']]>([
    [
      'postponing',
      ({ jobId }, until, world) => postponeJob(jobId, { until }, ADMIN, world),
      Status.WaitingForResources,
    ],
    [
      'postponing one that runs',
      ({ jobId }, until, world) => postponeJob(jobId, { until }, ADMIN, world),
      Status.InProgress,
    ],
    [
      'rescheduling',
      ({ jobId }, until, world) => rescheduleJob(jobId, { until }, ADMIN, world),
      Status.Waiting,
    ],
  ])('is set before the write that needs it, if the date is near: %s', async (_what, change, status) => {
    const world = aCounter();
    const job = put(aJobIn(status, { dependencyToken: 'orders' }), world);
    await change(job, NEAR, world);
    const ring = { jobId: job.jobId, token: 'orders', lane: 'bulk' };
    expect(world.timers.take()).toEqual([{ ring, at: NOON + 60_000 }]);
    world.timers.breaks();
    const other = put(aJobIn(status), world);
    await expect(change(other, NEAR, world)).rejects.toThrow('out of order');
    expect(await theJob(other.jobId, world)).toEqual(other);
  });

  it('is left to the scan if the date is far', async () => {
    const world = aCounter();
    const job = put(aJob(), world);
    await postponeJob(job.jobId, { until: FAR }, ADMIN, world);
    expect(world.timers.timers).toEqual([]);
  });

  it('is not set for a job that cannot be postponed', async () => {
    const world = aCounter();
    const job = put(aJobIn(Status.Succeeded), world);
    await expect(postponeJob(job.jobId, { until: NEAR }, ADMIN, world)).rejects.toMatchObject({
      code: 'VerbRefused',
    });
    expect(world.timers.timers).toEqual([]);
  });
});
