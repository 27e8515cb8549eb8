import type { Job } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import { openVerbs } from '../job/open-verbs.ts';
import { progressOf } from '../job/progress.ts';
import { STATE_LABELS, shownAs, stateOf, statusLabel } from '../job/status.ts';
import { extensionId } from './extension-id.ts';
import type { WholeJob } from './get-job.ts';
import type { Operations } from './operation.ts';
import { seriesColumns } from './series/present-series.ts';

/** A job as people and programs see it: its columns, and what follows from them. */
export function presentJob(
  { job, input, result, series }: WholeJob,
  { operations, now }: { operations: Operations<never>; now: number },
): Record<string, Json> {
  const progress = progressOf(job, now);
  const operation = operations.get(job.operation);
  return {
    ...columns(job),
    ...seriesColumns(job, series),
    stateCode: stateOf(job.statusCode),
    stateLabel: STATE_LABELS[stateOf(job.statusCode)],
    statusLabel: statusLabel(job.statusCode),
    shownAs: shownAs(job),
    openVerbs: openVerbs(job),
    isWaitingForEvent: job.isWaitingForEvent === true,
    owningExtensionId: extensionId(job.operation),
    ...(operation !== undefined && { operationType: operation.operationType, lane: operation.lane }),
    ...(job.lane !== undefined && { lane: job.lane }),
    ...(progress !== undefined && { progress: { ...progress } }),
    ...(input !== undefined && { input }),
    ...(result !== undefined && { result }),
  };
}

/** How the row keeps its own order, fence and payloads is nobody's business outside. */
const INNER = new Set<string>([
  'claimNumber',
  'leaseEndsAt',
  'hostId',
  'watchAt',
  'input',
  'result',
  'hasResult',
  'progressDone',
  'progressTotal',
  'crashCount',
  'isRetrying',
  'expiresAt',
  'requestHash',
  'relatedTo',
  'isToCome',
  'deleteWhenOver',
] satisfies (keyof Job)[]);

const columns = (job: Job): Record<string, Json> => {
  const { longTexts: _inner, ...known } = job;
  return Object.fromEntries(
    Object.entries<Json | undefined>(known).flatMap(([name, value]) =>
      value === undefined || INNER.has(name) ? [] : [[name, value]],
    ),
  );
};
