import { v5 } from 'uuid';
import type { Job } from '../../job/job.ts';
import { Status } from '../../job/status.ts';
import type { Caller } from '../../service/caller.ts';
import type { Creator } from '../../service/create-job.ts';
import { rerunJob } from '../../service/rerun-job.ts';
import { cancelJob, deleteJob, pauseJob, postponeJob, resumeJob } from '../../service/verbs.ts';
import type { BulkInput, BulkVerb } from './bulk-input.ts';

/** Who asks, for what, in the name of which job. */
export interface Bidding {
  readonly bulkJobId: string;
  /** Of that job. */
  readonly depth: number;
  readonly caller: Caller;
  readonly input: BulkInput;
}

export interface HowToApply {
  /** What was done, for people: "Canceled 3 of 5 jobs". */
  readonly done: string;
  /** So that nobody behind a head begins to run before it is its turn to be stopped; else in the order of creation. */
  readonly newestFirst: boolean;
  readonly atOnce: number;
  /** A job that is gone is as it should be. */
  readonly wantsItGone?: true;
  /** What it answers is a new job where there is one. */
  readonly apply: (jobId: string, bidding: Bidding, service: Creator) => Promise<Job | undefined>;
  /** Whether the job is already as this verb would make it. */
  readonly isDone: (job: Job, input: BulkInput) => boolean;
}

const AT_ONCE = 16;

/** Why it is done, in the words of whoever ordered it; goes with each verb. */
const saying = ({ input: { reason } }: Bidding): { reason?: string } =>
  reason === undefined ? {} : { reason };

/** Each verb of a person as it is applied to many. */
export const HOW_TO_APPLY: Readonly<Record<BulkVerb, HowToApply>> = {
  cancel: {
    done: 'Canceled',
    newestFirst: true,
    atOnce: AT_ONCE,
    apply: (jobId, bidding, service) => quietly(cancelJob(jobId, bidding.caller, service, saying(bidding))),
    isDone: ({ statusCode }) => statusCode === Status.Canceling || statusCode === Status.Canceled,
  },
  pause: {
    done: 'Paused',
    newestFirst: true,
    atOnce: AT_ONCE,
    apply: (jobId, bidding, service) => quietly(pauseJob(jobId, bidding.caller, service, saying(bidding))),
    isDone: ({ statusCode, postponeUntil }) =>
      postponeUntil === undefined && (statusCode === Status.Pausing || statusCode === Status.Waiting),
  },
  resume: {
    done: 'Resumed',
    newestFirst: false,
    atOnce: AT_ONCE,
    apply: (jobId, bidding, service) => quietly(resumeJob(jobId, bidding.caller, service, saying(bidding))),
    isDone: ({ statusCode }) => statusCode === Status.WaitingForResources || statusCode === Status.InProgress,
  },
  postpone: {
    done: 'Postponed',
    newestFirst: true,
    atOnce: AT_ONCE,
    apply: (jobId, bidding, service) => {
      const { caller, input } = bidding;
      const wish = { until: input.until ?? '', ...saying(bidding) };
      return quietly(postponeJob(jobId, wish, caller, service));
    },
    isDone: ({ postponeUntil }, { until }) => postponeUntil !== undefined && postponeUntil === until,
  },
  delete: {
    done: 'Deleted',
    wantsItGone: true,
    newestFirst: true,
    atOnce: AT_ONCE,
    apply: (jobId, bidding, service) => {
      const { caller, input } = bidding;
      return quietly(deleteJob(jobId, caller, service, { force: input.force ?? false, ...saying(bidding) }));
    },
    isDone: ({ deleteWhenOver }) => deleteWhenOver === true,
  },
  rerun: {
    done: 'Created anew',
    newestFirst: false,
    // One after the other: those of a token stand in line in the order of the old ones.
    atOnce: 1,
    apply: (jobId, bidding, service) => {
      const { caller, bulkJobId, input, depth } = bidding;
      const chosenId = newIdOf(jobId, bulkJobId);
      const { fromCheckpoint = false } = input;
      const terms = { fromCheckpoint, chosenId, depth: depth + 1, ...saying(bidding) };
      return rerunJob(jobId, caller, service, terms);
    },
    isDone: () => false,
  },
};

/** The same each time, so that a rerun that is repeated after a crash meets the job it has made. */
const newIdOf = (jobId: string, bulkJobId: string): string =>
  v5(`urn:longhaul:bulk:${bulkJobId}:rerun:${jobId}`, v5.URL);

async function quietly(done: Promise<Job | undefined>): Promise<undefined> {
  await done;
}
