import { type AuditEntry, entryIdOf } from '../../../shared/job/audit-entry.ts';
import { detailsKey, type Incarnation } from '../../../shared/job/details-key.ts';
import type { Audit, AuditRange } from '../../../shared/service/audit.ts';

/** Entries in a map; passes the same contract suite as the audit on DynamoDB. */
export class MemoryAudit implements Audit {
  /** The jobs whose entries were read, in order. */
  readonly read: string[] = [];
  readonly #entries = new Map<string, Map<string, AuditEntry>>();

  async add(job: Incarnation, entry: AuditEntry): Promise<void> {
    this.write(job, entry);
  }

  write(job: Incarnation, entry: AuditEntry): void {
    const key = detailsKey(job);
    const entries = this.#entries.get(key) ?? new Map<string, AuditEntry>();
    this.#entries.set(key, entries.set(entryIdOf(entry), entry));
  }

  async latest(job: Incarnation, { before, limit }: AuditRange): Promise<AuditEntry[]> {
    this.read.push(job.jobId);
    return this.of(job)
      .filter((entry) => before === undefined || entryIdOf(entry) < before)
      .slice(0, limit);
  }

  /** All entries of a job, newest first. */
  of(job: Incarnation): AuditEntry[] {
    const entries = this.#entries.get(detailsKey(job)) ?? new Map<string, AuditEntry>();
    return [...entries.values()].toSorted((a, b) => (entryIdOf(a) < entryIdOf(b) ? 1 : -1));
  }

  forget(job: Incarnation): void {
    this.#entries.delete(detailsKey(job));
  }
}
