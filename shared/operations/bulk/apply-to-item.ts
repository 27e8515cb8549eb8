import type { Job } from '../../job/job.ts';
import { shownAs } from '../../job/status.ts';
import { isMatch } from '../../query/matching-jobs.ts';
import { LonghaulError, NotAllowed, NotFound, VerbRefused } from '../../service/errors.ts';
import { type JobStore, TransitionRefused } from '../../service/ports.ts';
import type { BulkOutcome, Item } from './bulk-cursor.ts';
import type { BulkRun } from './bulk-run.ts';

/** An item that was worked on; the error, if it is one that nobody expected. */
export interface Applied {
  readonly item: Item;
  readonly unexpected?: Error;
}

/** What people read of an error. */
const MAX_DETAIL = 300;

/** Applies the verb to one job, if it still matches as it is now. Safe to call again. */
export async function applyToItem(item: Item, run: BulkRun): Promise<Applied> {
  const { how, bidding, service } = run;
  const jobs = whileItMatches(item.jobId, run);
  try {
    const made = await how.apply(item.jobId, bidding, { ...service, jobs });
    return { item: { ...item, outcome: 'done', ...(made !== undefined && { newJobId: made.jobId }) } };
  } catch (error) {
    const [outcome, detail] = judged(error, run);
    const isExpected = error instanceof LonghaulError || error instanceof PassedBy;
    return {
      item: {
        ...item,
        outcome,
        ...(detail !== '' && { detail: detail.slice(0, MAX_DETAIL).toWellFormed() }),
      },
      ...(!isExpected && { unexpected: error instanceof Error ? error : new Error(String(error)) }),
    };
  }
}

function judged(error: unknown, { how }: BulkRun): [BulkOutcome, string] {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof PassedBy) return [error.outcome, error.message];
  if (error instanceof VerbRefused || error instanceof NotAllowed) return ['refused', message];
  if (error instanceof NotFound) return [how.wantsItGone ? 'already' : 'skipped', 'The job is gone.'];
  return ['failed', message];
}

/** The job is not as it was when it was found: nothing is done to it. */
class PassedBy extends Error {
  readonly outcome: BulkOutcome;
  constructor(outcome: BulkOutcome, message: string) {
    super(message);
    this.outcome = outcome;
  }
}

/**
 * The same jobs, but what a verb reads of this one must still match, so that no verb is applied to what the filter did not
 * mean, however the job has changed since it was found.
 */
function whileItMatches(jobId: string, run: BulkRun): JobStore {
  const { jobs } = run.service;
  const mustMatch = (job: Job | undefined): Promise<void> => requireMatch(job, run);
  const guarded = async <T>(write: Promise<T>): Promise<T> => {
    try {
      return await write;
    } catch (error) {
      if (error instanceof TransitionRefused) await mustMatch(error.current);
      throw error;
    }
  };
  return {
    async get(id) {
      const job = await jobs.get(id);
      if (id === jobId) await mustMatch(job);
      return job;
    },
    make: (step) => guarded(jobs.make(step)),
    remove: (step) => guarded(jobs.remove(step)),
    insert: (job) => jobs.insert(job),
    insertAll: (some) => jobs.insertAll(some),
    getAll: (jobIds) => jobs.getAll(jobIds),
    due: (query) => jobs.due(query),
    timeline: (range) => jobs.timeline(range),
  };
}

async function requireMatch(job: Job | undefined, run: BulkRun): Promise<void> {
  const { how, question, bidding } = run;
  if (job === undefined) return;
  if (how.isDone(job, bidding.input)) throw new PassedBy(...doneBefore(job, run));
  if (!(await isMatch(job, question))) {
    throw new PassedBy('skipped', `It does not match any more: it is ${shownAs(job)}.`);
  }
}

/** After a crash it is ourselves who did it: the list did not get to know. */
function doneBefore({ modifiedBy, modifiedOn }: Job, { bidding, question }: BulkRun): [BulkOutcome, string] {
  const isOurs = modifiedBy === bidding.caller.id && Date.parse(modifiedOn) >= question.now;
  return isOurs ? ['done', ''] : ['already', 'It was so already.'];
}
