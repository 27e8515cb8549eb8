import type { Job } from '../../job/job.ts';
import type { CandidateReader } from '../../query/candidates.ts';
import { compileFilter } from '../../query/compile-filter.ts';
import type { Question } from '../../query/matching-jobs.ts';
import type { Caller } from '../../service/caller.ts';
import type { Creator } from '../../service/create-job.ts';
import type { JobPages } from '../../service/job-pages.ts';
import type { RunContext } from '../../service/operation.ts';
import type { OwnJob } from '../../service/ports.ts';
import type { BulkCursor } from './bulk-cursor.ts';
import type { BulkInput } from './bulk-input.ts';
import type { Bidding, HowToApply } from './bulk-verbs.ts';

export interface BulkRepositories {
  readonly bulk: {
    readonly service: Creator;
    readonly history: CandidateReader['history'];
    readonly pages: JobPages;
  };
}

/** All that a run of a bulk verb goes by. */
export interface BulkRun {
  readonly how: HowToApply;
  readonly own: OwnJob;
  readonly bidding: Bidding;
  readonly question: Question;
  /** The highest sequence that it looks at: its own is the next one. */
  readonly upTo: number;
  readonly service: Creator;
  readonly reader: CandidateReader;
  readonly pages: JobPages;
}

export async function bulkRun(
  input: BulkInput,
  how: HowToApply,
  { now }: Pick<BulkCursor, 'now'>,
  { jobId, run: { claimNumber }, repositories }: RunContext<BulkRepositories, BulkCursor>,
): Promise<BulkRun> {
  const { service, history, pages } = repositories.bulk;
  const row = await service.jobs.get(jobId);
  if (row === undefined) throw new Error('The row of this job is gone.');
  const caller: Caller = { id: row.createdBy, role: input.asAdmin === true ? 'admin' : 'operator' };
  return {
    how,
    own: { ...row, claimNumber },
    bidding: { bulkJobId: jobId, depth: row.depth, caller, input },
    question: questionOf(input, caller, { now, before: row.sequence }, service),
    upTo: row.sequence - 1,
    service,
    reader: { jobs: service.jobs, history },
    pages,
  };
}

/**
 * Which jobs are meant: those that match, were there before, and were not made by the service for itself. Who is no admin
 * means their own, and no others match.
 */
export function questionOf(
  { filter }: Pick<BulkInput, 'filter'>,
  caller: Caller,
  { now, before }: { now: number; before: number },
  { operations, details }: Pick<Creator, 'operations' | 'details'>,
): Question {
  const isOwn = ({ ownerId, createdBy }: Job): boolean => ownerId === caller.id || createdBy === caller.id;
  return {
    filter: compileFilter(filter),
    now,
    operations,
    details,
    isInScope: (job) =>
      job.sequence < before && !job.isPlatformGenerated && (caller.role === 'admin' || isOwn(job)),
  };
}
