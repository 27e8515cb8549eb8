import type { Job } from '../../shared/job/job.ts';
import type { PersonVerb } from '../../shared/job/open-verbs.ts';
import { Status } from '../../shared/job/status.ts';
import type { Because } from '../../shared/service/explain/cause.ts';
import { at } from './a-job.ts';

/** A job in each way in which it can stand at the head of a line or alone at noon, and what is right to say of it. */
export interface HeldJob {
  readonly facts: Partial<Job>;
  readonly because: Because;
  /** What brings it on its way; it alone. */
  readonly frees: readonly PersonVerb[];
  /** What makes room for those behind it. */
  readonly clears: readonly PersonVerb[];
  readonly start?: { readonly at: string } | { readonly notBefore: string } | { readonly notAfter: string };
  /** Those behind it do not start before that. */
  readonly holdsUntil?: string;
  /** Words that the explanation must have. */
  readonly says: RegExp;
}

const SUSPENDED = { statusCode: Status.Waiting } as const;
const ALIVE = { claimNumber: 1, leaseEndsAt: at(60_000), hostId: 'h', startedOn: at(-100_000) } as const;
const DEAD = { ...ALIVE, leaseEndsAt: at(0) } as const;
const DATE = at(600_000);
/** The next quarter of an hour after noon. */
const SCAN = at(900_000);
const BOTH = ['resume', 'cancel'] as const;
const NONE = { frees: [], clears: [] } as const;
const STOPPABLE = { frees: [], clears: ['cancel'] } as const;

export const HELD: Readonly<Record<string, HeldJob>> = {
  Ready: { facts: {}, because: 'isNext', ...NONE, start: { at: at() }, says: /may run now/ },
  'due by its date': {
    facts: { ...SUSPENDED, postponeUntil: at() },
    because: 'isNext',
    ...NONE,
    start: { at: at() },
    says: /may run now/,
  },
  postponed: {
    facts: { ...SUSPENDED, postponeUntil: DATE, modifiedBy: 'paula', modifiedOn: at(-5) },
    because: 'postponed',
    frees: ['resume'],
    clears: BOTH,
    start: { at: DATE },
    holdsUntil: DATE,
    says: /is postponed until 2026-11-22T12:10:00.000Z by paula since 2026-11-22T11:59:59.995Z/,
  },
  'to be tried again': {
    facts: { ...SUSPENDED, postponeUntil: DATE, isRetrying: true },
    because: 'retrying',
    frees: ['resume'],
    clears: BOTH,
    start: { at: DATE },
    holdsUntil: DATE,
    says: /has failed, and is tried again at 2026-11-22T12:10/,
  },
  paused: {
    facts: { ...SUSPENDED, modifiedBy: 'paula', modifiedOn: at(-5) },
    because: 'paused',
    frees: ['resume'],
    clears: BOTH,
    says: /is paused by paula since 2026-11-22T11:59:59.995Z, until somebody resumes it/,
  },
  'waiting for an event': {
    facts: { ...SUSPENDED, postponeUntil: DATE, isWaitingForEvent: true },
    because: 'waitsForEvent',
    frees: ['resume'],
    clears: BOTH,
    start: { notAfter: DATE },
    says: /waits for an event, until 2026-11-22T12:10:00.000Z at the latest/,
  },
  running: {
    facts: { ...ALIVE, statusCode: Status.InProgress },
    because: 'runs',
    ...STOPPABLE,
    says: /is running/,
  },
  'running, half done after 100 s': {
    facts: { ...ALIVE, statusCode: Status.InProgress, progressDone: 5, progressTotal: 10 },
    because: 'runs',
    ...STOPPABLE,
    holdsUntil: at(100_000),
    says: /is running/,
  },
  'between two slices': {
    facts: { statusCode: Status.InProgress, claimNumber: 1 },
    because: 'betweenSlices',
    ...STOPPABLE,
    start: { at: at() },
    says: /between two slices/,
  },
  'between two slices, half done after 100 s': {
    facts: {
      statusCode: Status.InProgress,
      claimNumber: 1,
      startedOn: at(-100_000),
      progressDone: 5,
      progressTotal: 10,
    },
    because: 'betweenSlices',
    ...STOPPABLE,
    start: { at: at() },
    says: /between two slices/,
  },
  'left by a dead worker': {
    facts: { ...DEAD, statusCode: Status.InProgress },
    because: 'workerDied',
    ...STOPPABLE,
    start: { notAfter: SCAN },
    says: /lost its worker, whose lease ended at 2026-11-22T12:00:00.000Z: another one takes it by 2026-11-22T12:15/,
  },
  'asked to pause': {
    facts: { ...ALIVE, statusCode: Status.Pausing, modifiedBy: 'paula' },
    because: 'pausing',
    ...STOPPABLE,
    says: /is asked by paula since .* to stop, and will then be paused: its worker stops at its next checkpoint/,
  },
  'asked to wait for a date': {
    facts: { ...ALIVE, statusCode: Status.Pausing, postponeUntil: DATE },
    because: 'pausing',
    ...STOPPABLE,
    start: { notBefore: DATE },
    holdsUntil: DATE,
    says: /to stop, and to wait until 2026-11-22T12:10/,
  },
  'asked to pause, its worker dead': {
    facts: { ...DEAD, statusCode: Status.Pausing },
    because: 'pausing',
    ...STOPPABLE,
    says: /nobody works on it, so whoever hears its ring does that, by 2026-11-22T12:15/,
  },
  'being canceled': {
    facts: { ...ALIVE, statusCode: Status.Canceling, modifiedBy: 'paula' },
    because: 'canceling',
    ...NONE,
    says: /is being canceled by paula since .*: its worker stops at its next checkpoint/,
  },
  'being canceled between two slices': {
    facts: { statusCode: Status.Canceling, claimNumber: 1 },
    because: 'canceling',
    ...NONE,
    says: /is being canceled .*: nobody works on it/,
  },
  'left by a dead worker, of the service itself': {
    facts: { ...DEAD, statusCode: Status.InProgress, isPlatformGenerated: true },
    because: 'workerDied',
    ...NONE,
    start: { notAfter: SCAN },
    says: /lost its worker/,
  },
};

/** How a job is that stands behind others: nobody has begun it. */
export const FOLLOWERS = [
  'Ready',
  'due by its date',
  'postponed',
  'to be tried again',
  'paused',
  'waiting for an event',
];

export const OVER: Readonly<Record<string, HeldJob>> = Object.fromEntries(
  (['Succeeded', 'Failed', 'Canceled'] as const).map((status): [string, HeldJob] => [
    status,
    {
      facts: { statusCode: Status[status], completedOn: at(-1) },
      because: 'over',
      ...NONE,
      says: new RegExp(`It is over: ${status}, since 2026-11-22T11:59:59.999Z\\.`),
    },
  ]),
);
