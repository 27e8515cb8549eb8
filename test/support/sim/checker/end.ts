import type { Job } from '../../../../shared/job/job.ts';
import { dateOf, isOver, type Model, type Rule, SUSPENDED } from './model.ts';

const YOUNG_MS = 60_000;

/** When faults stop, everything comes to its end; what was paused stays so, and holds its followers. */
export const comesToAnEnd: Rule = (happening, now, model) => {
  if (happening.kind !== 'end') return undefined;
  const mayWait =
    happening.when === 'settled' ? (job: Job) => isHeld(job, now, model) || isYoung(job, now) : () => false;
  const open = [...model.rows.values()].filter((job) => !isOver(job) && !mayWait(job));
  if (open.length > 0) return `still open: ${open.map(wordsOf).join(', ')}`;
  if (happening.when === 'all-over' && happening.messages > 0)
    return `${happening.messages} rings go round and round`;
  return undefined;
};

/** Until a person resumes it, or for a date that is far away. */
const waits = (job: Job | undefined, now: number): boolean =>
  job?.statusCode === SUSPENDED && (dateOf(job) ?? Number.POSITIVE_INFINITY) > now;

/** A scan that has just begun, say. */
const isYoung = ({ createdOn }: Job, now: number): boolean => Date.parse(createdOn) > now - YOUNG_MS;

const isHeld = (job: Job, now: number, model: Model): boolean =>
  waits(job, now) || (job.dependencyToken !== undefined && waits(model.headOf(job.dependencyToken), now));

const wordsOf = ({ jobId, statusCode, dependencyToken }: Job): string =>
  `${jobId} of ${dependencyToken ?? 'no token'} in ${statusCode}`;

/** An invocation that ends leaves nothing behind: Lambda would freeze it. */
export const leavesNothingBehind: Rule = (happening) =>
  happening.kind === 'left-behind' ? `${happening.host} left behind: ${happening.what}` : undefined;
