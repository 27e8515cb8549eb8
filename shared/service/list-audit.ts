import * as z from 'zod';
import { type AuditEntry, entryIdOf, SERVICE } from '../job/audit-entry.ts';
import type { Job } from '../job/job.ts';
import { Status, statusLabel } from '../job/status.ts';
import { jobIdIn } from './ask.ts';
import type { Audit } from './audit.ts';
import { NotFound } from './errors.ts';
import { ErrorCode } from './operation.ts';
import { PageQuery } from './page.ts';
import { pageCursor, readPageCursor } from './page-cursor.ts';
import { parse } from './parse.ts';
import type { JobStore } from './ports.ts';

const Query = z.strictObject(PageQuery);

interface Reader {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly audit: Audit;
}

/** `GET /jobs/{jobId}/audit`: who did what, when, why, from which state to which; newest first. */
export async function listAudit(
  { params, query }: { params: unknown; query: unknown },
  { jobs, audit }: Reader,
): Promise<{ items: object[]; nextCursor?: string }> {
  const jobId = jobIdIn(params);
  const { limit, cursor } = parse(Query, query, { in: 'query' });
  const before = cursor === undefined ? undefined : readPageCursor(['audit', jobId], cursor);
  const job = await jobs.get(jobId);
  if (job === undefined) throw new NotFound('job', jobId);
  // One more: whoever did not read the row came from where the step before it led to.
  const written = await audit.latest(job, { before, limit: limit + 1 });
  const all = [
    ...written,
    ...saidByRow(job).filter((entry) => before === undefined || entryIdOf(entry) < before),
  ].toSorted((a, b) => (entryIdOf(a) < entryIdOf(b) ? 1 : -1));
  const items = all.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map((entry, place) => presented(entry, all[place + 1])),
    ...(all.length > limit &&
      last !== undefined && { nextCursor: pageCursor(['audit', jobId], entryIdOf(last)) }),
  };
}

/** What every job goes through is not written down a second time. */
function saidByRow(job: Job): AuditEntry[] {
  const { createdOn, createdBy, startedOn, claimNumber } = job;
  const started = { at: startedOn ?? '', by: SERVICE, verb: 'claim', to: Status.InProgress } as const;
  return [
    { at: createdOn, by: createdBy, verb: 'create', claimNumber: 0 },
    ...(startedOn === undefined ? [] : [{ ...started, claimNumber: 1 }]),
    ...endOf(job, claimNumber),
  ];
}

function endOf({ completedOn: at, statusCode: to, errorCode }: Job, claimNumber: number): AuditEntry[] {
  if (at === undefined) return [];
  const end = { at, by: SERVICE, to, claimNumber };
  if (to === Status.Succeeded) return [{ ...end, verb: 'succeed' }];
  if (to !== Status.Failed) return [];
  return [{ ...end, verb: errorCode === ErrorCode.KilledItsWorkers ? 'giveUp' : 'fail' }];
}

function presented({ claimNumber: _inner, ...entry }: AuditEntry, before: AuditEntry | undefined): object {
  const { from = before?.to, to } = entry;
  return {
    ...entry,
    ...(from !== undefined && { from, fromLabel: statusLabel(from) }),
    ...(to !== undefined && { to, toLabel: statusLabel(to) }),
  };
}
