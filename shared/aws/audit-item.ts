import * as z from 'zod';
import { type AuditEntry, entryIdOf } from '../job/audit-entry.ts';
import { detailsKey, type Incarnation } from '../job/details-key.ts';
import { VERBS } from '../job/lifecycle.ts';
import { PERSON_VERBS } from '../job/open-verbs.ts';
import { ALL_STATUSES, type StatusCode } from '../job/status.ts';

/** Entries lie with the details of their job, so they go with it; their names sort by time. */
const PREFIX = 'audit~';
/** After every entry, before the next part. */
export const NEWEST = `${PREFIX}~`;

const status = z.custom<StatusCode>((code) => ALL_STATUSES.some((known) => known === code));

const Entry = z.object({
  at: z.string(),
  by: z.string(),
  byName: z.string().exactOptional(),
  verb: z.enum(['create', ...VERBS, ...PERSON_VERBS]),
  from: status.exactOptional(),
  to: status.exactOptional(),
  claimNumber: z.number(),
  reason: z.string().exactOptional(),
  until: z.string().exactOptional(),
  newJobId: z.string().exactOptional(),
});

export const auditItem = (job: Incarnation, entry: AuditEntry): Record<string, unknown> => ({
  jobId: detailsKey(job),
  part: partOf(entryIdOf(entry)),
  ...entry,
});

export const partOf = (entryId: string): string => `${PREFIX}${entryId}`;
export const entryOf = (item: unknown): AuditEntry => Entry.parse(item);
export const FIRST_ENTRY = PREFIX;
