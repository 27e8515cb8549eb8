import { holdOf } from '../../job/hold.ts';
import { type ShownAs, STATE_LABELS, shownAs, stateOf, statusLabel } from '../../job/status.ts';
import type { Caller } from '../caller.ts';
import type { Operations } from '../operation.ts';
import type { Chains, JobStore } from '../ports.ts';
import { laneOf } from '../ring-of.ts';
import type { AskedBy } from './asked-by.ts';
import { type Because, type Cause, causeOf, type Witnesses } from './cause.ts';
import { type ExpectedStart, startBehind, startOf } from './expected-start.ts';
import { clears, type FreedBy, frees } from './freed-by.ts';
import { sentenceBehind, sentenceOf } from './sentences.ts';
import { type Ahead, type Surroundings, surroundingsOf } from './surroundings.ts';

export interface Explainer extends Witnesses {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly chains: Pick<Chains, 'line'>;
  readonly operations: Operations<never>;
}

/** What a job is, and what holds it. */
export interface Explained {
  readonly jobId: string;
  readonly name: string;
  readonly stateLabel: string;
  readonly statusLabel: string;
  readonly shownAs: ShownAs;
  readonly because: Because;
  /** The date that it waits for, or by which its event must come. */
  readonly until?: string;
  readonly askedBy?: AskedBy;
}

/** Why a job is not running, and what would free it. */
export interface Explanation extends Explained {
  /** For people. */
  readonly text: string;
  readonly ahead?: Ahead;
  /** Of the job's token, where that is another one. */
  readonly head?: Explained;
  readonly expectedStart?: ExpectedStart;
  readonly freedBy: readonly FreedBy[];
}

/**
 * Why this job is not running, or that it is, or is over. At most four reads however long its line is. Throws
 * `InvalidInput`, `NotFound`.
 */
export async function explainJob(jobId: string, caller: Caller, service: Explainer): Promise<Explanation> {
  return explain(await surroundingsOf(jobId, service), caller, service);
}

export function explain(around: Surroundings, caller: Caller, service: Explainer): Promise<Explanation> {
  const { ahead, head } = around;
  return ahead === undefined || head === undefined
    ? explainFirst(around, caller, service)
    : explainFollower({ job: around.job, ahead, head }, caller, service);
}

async function explainFirst(
  { job, place }: Surroundings,
  caller: Caller,
  service: Explainer,
): Promise<Explanation> {
  const now = service.clock();
  const own = await causeOf(job, place?.lane ?? laneOf(job, service.operations), service);
  const expectedStart = startOf(own, now);
  return {
    ...shown(own),
    text: sentenceOf(own, now),
    ...(expectedStart !== undefined && { expectedStart }),
    freedBy: frees(job, own.hold, caller),
  };
}

type Following = Pick<Surroundings, 'job'> & Required<Pick<Surroundings, 'ahead' | 'head'>>;

async function explainFollower(
  { job, ahead, head }: Following,
  caller: Caller,
  service: Explainer,
): Promise<Explanation> {
  const now = service.clock();
  const { own, first } = await causesOf({ job, head }, service);
  const expectedStart = startBehind(own, first, now);
  const ownWay = frees(job, own.hold, caller);
  return {
    ...shown(own),
    text: sentenceBehind(own, { ahead, head, first }, now),
    ahead,
    ...(first !== undefined && { head: shown(first) }),
    ...(expectedStart !== undefined && { expectedStart }),
    freedBy: first === undefined ? ownWay : [...ownWay, ...clears(first.job, first.hold, caller)],
  };
}

/** A job that is held itself and stands in line too; who has asked for it is read once, for the job where it is held. */
async function causesOf(
  { job, head }: Pick<Following, 'job' | 'head'>,
  service: Explainer,
): Promise<{ own: Cause; first: Cause | undefined }> {
  const { audit: _spent, ...byRows } = service;
  const hold = holdOf(job, new Date(service.clock()).toISOString());
  const waits = hold === 'isNext';
  const own: Cause = waits
    ? { job, hold, because: 'waitsForTurn' }
    : await causeOf(job, laneOf(job, service.operations), service);
  const first = head.job && (await causeOf(head.job, head.link.lane, waits ? service : byRows));
  return { own, first };
}

const shown = ({ job, because, askedBy }: Cause): Explained => ({
  jobId: job.jobId,
  name: job.name,
  stateLabel: STATE_LABELS[stateOf(job.statusCode)],
  statusLabel: statusLabel(job.statusCode),
  shownAs: shownAs(job),
  because,
  ...(job.postponeUntil !== undefined && { until: job.postponeUntil }),
  ...(askedBy !== undefined && { askedBy }),
});
