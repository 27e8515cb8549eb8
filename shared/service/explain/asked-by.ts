import type { AuditEntry } from '../../job/audit-entry.ts';
import type { Hold } from '../../job/hold.ts';
import type { Job } from '../../job/job.ts';
import type { Audit } from '../audit.ts';

/** Who has asked for what holds a job. */
export interface AskedBy {
  readonly by: string;
  /** Where the access token told it. */
  readonly byName?: string;
  readonly at: string;
  readonly reason?: string;
}

/** By which steps of people a job comes to be held so; the others come about by themselves. */
const ASKED: Partial<Record<Hold, readonly AuditEntry['verb'][]>> = {
  paused: ['pause'],
  pausing: ['pause', 'postpone'],
  canceling: ['cancel', 'delete'],
  postponed: ['postpone', 'reschedule', 'create'],
};

/** A few other steps may lie on top: those that were asked for and refused, for one. */
const LOOKED_AT = 10;

export async function askedBy(job: Job, hold: Hold, audit: Audit | undefined): Promise<AskedBy | undefined> {
  const verbs = ASKED[hold];
  if (verbs === undefined) return undefined;
  const latest = (await audit?.latest(job, { limit: LOOKED_AT })) ?? [];
  const entry = latest.find(({ verb }) => verbs.includes(verb));
  // Workers leave alone who has changed a job last.
  return entry === undefined ? { by: job.modifiedBy, at: job.modifiedOn } : asIn(entry);
}

const asIn = ({ by, byName, at, reason }: AuditEntry): AskedBy => ({
  by,
  ...(byName !== undefined && { byName }),
  at,
  ...(reason !== undefined && { reason }),
});
