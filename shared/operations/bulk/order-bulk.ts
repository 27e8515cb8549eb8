import * as z from 'zod';
import type { Job } from '../../job/job.ts';
import { openVerbs } from '../../job/open-verbs.ts';
import { sequenceAt } from '../../job/sequence.ts';
import { accessPath } from '../../query/access-path.ts';
import { type CandidateReader, candidates } from '../../query/candidates.ts';
import { matchingJobs } from '../../query/matching-jobs.ts';
import { type Caller, requireRole } from '../../service/caller.ts';
import type { Created, Creator } from '../../service/create-job.ts';
import { createJob } from '../../service/create-job.ts';
import { parse } from '../../service/parse.ts';
import { withWholeTokens } from '../../service/whole-tokens.ts';
import { BULK_INPUTS, BULK_VERBS, type BulkInput, type BulkVerb } from './bulk-input.ts';
import { bulkOperationName } from './bulk-operation.ts';
import { questionOf } from './bulk-run.ts';
import { HOW_TO_APPLY } from './bulk-verbs.ts';

const Path = z.object({
  verb: z.enum(BULK_VERBS, { error: `Must be one of ${BULK_VERBS.join(', ')}.` }),
});
const DryRun = { dryRun: z.boolean().default(false) };
const ORDERS = {
  cancel: BULK_INPUTS.cancel.extend(DryRun),
  pause: BULK_INPUTS.pause.extend(DryRun),
  resume: BULK_INPUTS.resume.extend(DryRun),
  postpone: BULK_INPUTS.postpone.extend(DryRun),
  delete: BULK_INPUTS.delete.extend(DryRun),
  rerun: BULK_INPUTS.rerun.extend(DryRun),
} as const;

export interface BulkOrder {
  readonly verb: BulkVerb;
  readonly input: BulkInput;
  readonly dryRun: boolean;
}

/** `POST /jobs/bulk/{verb}`. */
export function parseBulkOrder(params: unknown, body: unknown): BulkOrder {
  const { verb } = parse(Path, params, { in: 'path' });
  const { dryRun, ...input } = parse(ORDERS[verb], body);
  return { verb, input, dryRun };
}

/** The job that does it. Throws as `createJob` does. */
export function orderBulk(
  { verb, input }: BulkOrder,
  caller: Caller,
  service: Creator,
  chosenId?: string,
): Promise<Created> {
  return createJob({ operation: bulkOperationName(verb), input: { ...input } }, caller, service, chosenId);
}

/** An answer has half a minute. */
const MAX_EXAMINED = 5_000;
const SAMPLE = 20;

export interface DryRun {
  /** Jobs that match; at least, if it is not exact. */
  readonly count: number;
  readonly countIsExact: boolean;
  /** Those among them whose state allows the verb now. */
  readonly possible: number;
  readonly sample: readonly Job[];
}

/** What the order would mean now. Nothing changes. Throws `NotAllowed`. */
export async function tryBulk(
  { verb, input }: BulkOrder,
  caller: Caller,
  service: Creator & CandidateReader,
): Promise<DryRun> {
  requireRole(caller, 'operator');
  if (input.asAdmin === true) requireRole(caller, 'admin');
  const asked: Caller = input.asAdmin === false ? { ...caller, role: 'operator' } : caller;
  const now = service.clock();
  const upTo = sequenceAt(now + 1) - 1;
  const question = questionOf(input, asked, { now, before: upTo + 1 }, service);
  const found = new Map<string, Job>();
  let examined = 0;
  let isWhole = true;
  for await (const { rows } of candidates(
    accessPath(question.filter, now, upTo),
    HOW_TO_APPLY[verb],
    service,
  )) {
    if (examined >= MAX_EXAMINED) {
      isWhole = false;
      break;
    }
    examined += rows.length;
    for (const job of await matchingJobs(rows, question)) found.set(job.jobId, job);
  }
  const all = [...found.values()];
  return {
    count: all.length,
    countIsExact: isWhole,
    possible: all.filter((job) => isPossible(verb, input, job)).length,
    sample: await withWholeTokens(all.slice(0, SAMPLE), service.details),
  };
}

const isPossible = (verb: BulkVerb, { force = false }: BulkInput, job: Job): boolean =>
  (verb === 'delete' && force) || openVerbs(job).includes(verb);
