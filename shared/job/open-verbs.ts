import type { Job } from './job.ts';
import { movesOf } from './lifecycle.ts';
import { isCompleted, Status } from './status.ts';

/** What people can ask of a job. */
export const PERSON_VERBS = [
  'cancel',
  'pause',
  'resume',
  'postpone',
  'reschedule',
  'rerun',
  'delete',
] as const;
export type PersonVerb = (typeof PERSON_VERBS)[number];

/** Of what the service does for itself, this may be canceled: nothing hangs on it, and its work is people's as well. */
export const CANCELABLE_UPKEEP = 'process-overdue';

/** What people can ask of this job as it is now; `delete` without force. */
export const openVerbs = (
  job: Pick<
    Job,
    'operation' | 'statusCode' | 'postponeUntil' | 'isPlatformGenerated' | 'deleteOnSuccess' | 'isToCome'
  >,
): PersonVerb[] => PERSON_VERBS.filter((verb) => isOpen(verb, job));

function isOpen(
  verb: PersonVerb,
  {
    operation,
    statusCode,
    postponeUntil,
    isPlatformGenerated,
    deleteOnSuccess,
    isToCome,
  }: Parameters<typeof openVerbs>[0],
): boolean {
  if (verb === 'delete')
    return isCompleted(statusCode) || (statusCode === Status.Waiting && !isPlatformGenerated);
  if (isPlatformGenerated && !(verb === 'cancel' && operation === CANCELABLE_UPKEEP)) return false;
  // What it would need is gone.
  const isStub = deleteOnSuccess && statusCode === Status.Succeeded;
  if (verb === 'rerun') return isCompleted(statusCode) && !isStub;
  // The occurrence of a paused series is freed with the series.
  if (verb === 'resume' && isToCome && postponeUntil === undefined) return false;
  return movesOf(verb).some(
    ({ from, needs }) => from === statusCode && (!needs.includes('hasDate') || postponeUntil !== undefined),
  );
}
