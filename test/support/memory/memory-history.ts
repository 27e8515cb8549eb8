import type { Job } from '../../../shared/job/job.ts';
import { isCompleted } from '../../../shared/job/status.ts';
import type { History, HistoryRange } from '../../../shared/service/history.ts';
import { byAge, type TimelineEntry } from '../../../shared/service/ports.ts';
import type { MemoryJobStore } from './memory-job-store.ts';

/** The past of the jobs in a memory store; passes the same contract suite as the one on DynamoDB. */
export class MemoryHistory implements History {
  readonly #jobs: MemoryJobStore;

  constructor(jobs: MemoryJobStore) {
    this.#jobs = jobs;
  }

  async oldest({ after, upTo, limit }: HistoryRange): Promise<TimelineEntry[]> {
    return this.#jobs
      .rows()
      .map(({ sequence, jobId }) => ({ sequence, jobId }))
      .filter((entry) => entry.sequence <= upTo && byAge(after, entry) > 0)
      .toSorted((a, b) => byAge(b, a))
      .slice(0, limit);
  }

  async count({ from, to }: { from: number; to: number }): Promise<number> {
    return this.#jobs.rows().filter(({ sequence }) => sequence >= from && sequence <= to).length;
  }

  async countOpen(): Promise<number> {
    return this.#jobs.rows().filter(({ watchAt }) => watchAt !== undefined).length;
  }

  async removeRows(jobs: readonly Job[]): Promise<number> {
    let went = 0;
    for (const { jobId, sequence } of jobs) {
      const now = await this.#jobs.get(jobId);
      const isAsRead = now?.sequence === sequence && isCompleted(now.statusCode);
      if (isAsRead && this.#jobs.forget(jobId)) went++;
    }
    return went;
  }

  async forgetTokens(tokens: readonly string[], upTo: number): Promise<number> {
    return [...new Set(tokens)].filter((token) => this.#jobs.forgetToken(token, upTo)).length;
  }

  /** There is no directory: days follow from the rows. */
  async forgetEmptyDays(): Promise<number> {
    return 0;
  }
}
