import { type AuditEntry, after, SERVICE } from '../job/audit-entry.ts';
import type { Incarnation } from '../job/details-key.ts';
import type { Job } from '../job/job.ts';
import type { Clock } from './ports.ts';

/**
 * What was done to a job. What people ask for is written in the transaction that does it. What the service does by
 * itself is written just after it, and a worker that dies in between leaves that one out; what every job goes through
 * (created, first taken, over) is not written at all: its row says it.
 */
export interface Audit {
  add(job: Incarnation, entry: AuditEntry): Promise<void>;
  /** Newest first, strictly before the entry of this id. Strongly consistent. */
  latest(job: Incarnation, range: AuditRange): Promise<AuditEntry[]>;
}

export interface AuditRange {
  /** The id of an entry; see `entryIdOf`. */
  readonly before?: string | undefined;
  readonly limit: number;
}

interface Noting {
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: (text: string, facts: Record<string, string>) => void;
}

type Done = Omit<AuditEntry, 'at' | 'claimNumber'>;
type NotedJob = Incarnation & Pick<Job, 'claimNumber' | 'modifiedOn'>;

/** Writes down what the service has done by itself. */
export const noteByService = (job: NotedJob, done: Omit<Done, 'by'>, noting: Noting): Promise<void> =>
  note(job, { by: SERVICE, ...done }, noting);

/** Writes down what has been done. The job goes on if that fails: nothing depends on it. */
export async function note(job: NotedJob, done: Done, { audit, clock, log }: Noting): Promise<void> {
  const at = after(job.modifiedOn, new Date(clock()).toISOString());
  try {
    await audit.add(job, { at, claimNumber: job.claimNumber, ...done });
  } catch (error) {
    log('an entry of the audit was not written', { jobId: job.jobId, verb: done.verb, error: String(error) });
  }
}
