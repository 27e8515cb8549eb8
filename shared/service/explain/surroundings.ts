import * as z from 'zod';
import type { Job } from '../../job/job.ts';
import { isCompleted } from '../../job/status.ts';
import { InvalidInput, NotFound } from '../errors.ts';
import type { Chains, JobStore, Link } from '../ports.ts';

/** Beyond so many the jobs ahead are not counted. */
export const MAX_COUNTED = 1_000;

/** How many jobs of its token are ahead of a job. */
export interface Ahead {
  readonly count: number;
  /** There are more than that. */
  readonly isMore?: true;
}

/** A job, and who stands in front of it. */
export interface Surroundings {
  readonly job: Job;
  /** Of a job with a token, while it is open. */
  readonly place?: Link;
  /** Only where somebody is ahead of it. */
  readonly ahead?: Ahead;
  readonly head?: Head;
}

export interface Head {
  readonly link: Link;
  /** Absent where it has gone in between, or where its place is an orphan. */
  readonly job?: Job;
}

interface Stores {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly chains: Pick<Chains, 'line'>;
}

/** In three reads, each strongly consistent, however long the line is. Throws `InvalidInput`, `NotFound`. */
export async function surroundingsOf(jobId: string, { jobs, chains }: Stores): Promise<Surroundings> {
  if (!z.guid().safeParse(jobId).success) {
    throw new InvalidInput([{ in: 'path', pointer: '/jobId', detail: 'A job id is a UUID.' }]);
  }
  const job = await knownJob(jobId.toLowerCase(), jobs);
  const { dependencyToken: token, sequence } = job;
  if (token === undefined || isCompleted(job.statusCode)) return { job };
  const places = await chains.line(token, { upTo: sequence, limit: MAX_COUNTED + 1 });
  const last = places.at(-1);
  const isCounted = last?.sequence === sequence;
  // It has left its line since its row was read: then the row says how.
  if (!isCounted && places.length <= MAX_COUNTED) return { job: await knownJob(job.jobId, jobs) };
  const [link] = places;
  if (link === undefined || link.sequence === sequence)
    return { job, ...(link !== undefined && { place: link }) };
  return {
    job,
    ahead: isCounted ? { count: places.length - 1 } : { count: MAX_COUNTED, isMore: true },
    head: await headAt(link, jobs),
  };
}

async function knownJob(jobId: string, jobs: Stores['jobs']): Promise<Job> {
  const job = await jobs.get(jobId);
  if (job === undefined) throw new NotFound('job', jobId);
  return job;
}

/** An id of a client may be used again: the row must be that of the place. */
export async function headAt(link: Link, jobs: Stores['jobs']): Promise<Head> {
  const job = await jobs.get(link.jobId);
  const isMeant = job?.dependencyToken === link.token && job.sequence === link.sequence;
  return { link, ...(isMeant && { job }) };
}
