import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { applied, isLegal, type Transition, wasAlreadyMade } from '../../../shared/job/transition.ts';
import {
  byAge,
  type DuePage,
  type DueQuery,
  isOlder,
  JobExists,
  type JobStore,
  type TimelineEntry,
  type TimelineRange,
  TransitionRefused,
} from '../../../shared/service/ports.ts';

/** Jobs in a map; passes the same contract suite as the store on DynamoDB. */
export class MemoryJobStore implements JobStore {
  readonly #rows = new Map<string, Job>();

  async insert(job: Job): Promise<void> {
    const current = this.#rows.get(job.jobId);
    if (current === undefined) return this.put(job);
    const isOurs = current.sequence === job.sequence && current.createdBy === job.createdBy;
    if (!isOurs) throw new JobExists(job.jobId, current);
  }

  async withdraw(jobId: string): Promise<boolean> {
    const current = this.#rows.get(jobId);
    if (current === undefined) return true;
    const untouched = current.statusCode === Status.WaitingForResources && current.claimNumber === 0;
    return untouched && this.#rows.delete(jobId);
  }

  async get(jobId: string): Promise<Job | undefined> {
    return this.#rows.get(jobId);
  }

  async getAll(jobIds: readonly string[]): Promise<Job[]> {
    return jobIds.flatMap((jobId) => this.#rows.get(jobId) ?? []);
  }

  async make(step: Transition): Promise<Job> {
    const current = this.#rows.get(step.jobId);
    if (current === undefined) throw new TransitionRefused(step);
    if (!isLegal(current, step)) {
      if (wasAlreadyMade(current, step)) return current;
      throw new TransitionRefused(step, current);
    }
    const next = applied(current, step);
    this.put(next);
    return next;
  }

  async timeline({ before, notBefore = 0, limit }: TimelineRange): Promise<TimelineEntry[]> {
    return this.rows()
      .map(({ sequence, jobId }) => ({ sequence, jobId }))
      .filter((entry) => entry.sequence >= notBefore && isOlder(entry, before))
      .toSorted(byAge)
      .slice(0, limit);
  }

  async due({ by, from = '', limit }: DueQuery): Promise<DuePage> {
    const due = this.rows()
      .filter(({ watchAt, jobId }) => watchAt !== undefined && watchAt <= by && jobId > from)
      .map(({ jobId }) => jobId)
      .toSorted();
    const jobIds = due.slice(0, limit);
    const next = jobIds.at(-1);
    return { jobIds, ...(due.length > limit && next !== undefined && { next }) };
  }

  /** Puts a row as it is, legal or not: for arranging. */
  put(job: Job): void {
    this.#rows.set(job.jobId, Object.freeze({ ...job }));
  }

  rows(): Job[] {
    return [...this.#rows.values()];
  }
}
