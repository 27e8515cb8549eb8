import * as z from 'zod';
import type { Job } from '../job/job.ts';
import type { PersonVerb } from '../job/open-verbs.ts';
import type { Caller } from './caller.ts';
import type { Creator } from './create-job.ts';
import { Instant, JobId } from './new-job.ts';
import { parse } from './parse.ts';
import { type Headers, idOfKey } from './parse-order.ts';
import { Reason } from './reason.ts';
import { rerunJob } from './rerun-job.ts';
import { cancelJob, deleteJob, pauseJob, postponeJob, rescheduleJob, resumeJob } from './verbs.ts';

/** The bodies of the verbs. A date that has passed means at once. */
const Why = z.strictObject({ reason: Reason.optional() });
const ToDate = z.strictObject({ until: Instant, reason: Reason.optional() });
const Again = z.strictObject({ fromCheckpoint: z.boolean().default(false), reason: Reason.optional() });

const JobPath = z.object({ jobId: JobId });

/** What is asked of a job, as it came. */
export interface Asking {
  readonly params: unknown;
  /** Nothing, where it was left out. */
  readonly body: unknown;
  readonly caller: Caller;
  /** Names in lower case. */
  readonly headers?: Headers;
}

type Asked = (jobId: string, asking: Asking, service: Creator) => Promise<Job>;

const ASKED: Readonly<Record<Exclude<PersonVerb, 'delete'>, Asked>> = {
  cancel: (jobId, { body, caller }, service) => cancelJob(jobId, caller, service, parse(Why, body)),
  pause: (jobId, { body, caller }, service) => pauseJob(jobId, caller, service, parse(Why, body)),
  resume: (jobId, { body, caller }, service) => resumeJob(jobId, caller, service, parse(Why, body)),
  postpone: (jobId, { body, caller }, service) => postponeJob(jobId, parse(ToDate, body), caller, service),
  reschedule: (jobId, { body, caller }, service) =>
    rescheduleJob(jobId, parse(ToDate, body), caller, service),
  rerun: (jobId, { body, caller, headers = {} }, service) =>
    rerunJob(jobId, caller, service, { ...parse(Again, body), chosenId: idOfKey(headers, caller) }),
};

/**
 * Does what a person asks of a job and answers with the job, or with the new one of a rerun: the same one again under the same
 * `Idempotency-Key`. Throws `InvalidInput`, `NotFound`, `NotAllowed`, `VerbRefused`, `Conflict`; then nothing has changed.
 */
export const ask = async (
  verb: Exclude<PersonVerb, 'delete'>,
  asking: Asking,
  service: Creator,
): Promise<Job> => ASKED[verb](jobIdIn(asking.params), { ...asking, body: asking.body ?? {} }, service);

const DeleteQuery = z.strictObject({
  force: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  reason: Reason.optional(),
});

/** Deletes a job for good; answers with it if it has to stop first. */
export const askToDelete = async (
  { params, query, caller }: { params: unknown; query: unknown; caller: Caller },
  service: Creator,
): Promise<Job | undefined> =>
  deleteJob(jobIdIn(params), caller, service, parse(DeleteQuery, query, { in: 'query' }));

export const jobIdIn = (params: unknown): string => parse(JobPath, params, { in: 'path' }).jobId;
