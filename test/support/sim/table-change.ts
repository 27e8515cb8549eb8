import type { AuditEntry } from '../../../shared/job/audit-entry.ts';
import type { LineChange } from '../../../shared/job/transition.ts';
import type { LineEntry, Link } from '../../../shared/service/ports.ts';
import type { Commit, RowChange, SeriesStep, TailChange } from './happening.ts';

/** What the simulated tables need of the world around them. */
export interface Surroundings {
  readonly now: () => number;
  /** How much later than the others an item of a transaction is seen, in milliseconds. */
  readonly spread: () => number;
  /** How far the indexes lag behind for this item and this reader, in milliseconds. */
  readonly lag: () => number;
  readonly committed: (commit: Omit<Commit, 'host'>) => void;
}

/** What one write, or one transaction, is to change. */
export interface Change {
  readonly verb: string;
  readonly noted?: AuditEntry | undefined;
  readonly rows?: readonly RowChange[];
  readonly line?: LineChange | undefined;
  /** Who joins a line. */
  readonly joins?: readonly LineEntry[];
  readonly raised?: TailChange;
  readonly series?: SeriesStep;
}

/** The places of those who join, in their order. */
export const linksOf = (entries: readonly LineEntry[]): Link[] =>
  entries.map(({ job: { dependencyToken: token, sequence, jobId }, lane }, index) => {
    const behind = entries[index - 1]?.job.sequence;
    return { token, sequence, jobId, lane, ...(behind !== undefined && { behind }) };
  });
