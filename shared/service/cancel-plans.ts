import type { Job } from '../job/job.ts';
import { cancel, remove, type Wish, withdraw } from '../job/person-transitions.ts';
import { Status } from '../job/status.ts';
import { onlyIf, type Removal, type Transition } from '../job/transition.ts';
import type { Operations } from './operation.ts';

interface Plans {
  readonly operations: Operations<never>;
}

/**
 * Whoever waits is canceled at once; but where its operation is to be told (`onCancel`) of one that has run, a worker
 * does that first. A worker may take the job between our reading and our writing, so the others must never have run.
 */
export function planCancel(job: Job, wish: Wish, { operations }: Plans): Transition {
  if (!waits(job) || !isToBeTold(job, operations)) return cancel(job, wish);
  return job.claimNumber > 0 ? withdraw(job, wish) : onlyIf(cancel(job, wish), 'neverClaimed');
}

/** The same for one that is deleted: its row goes when its operation was told. */
export function planRemoval(job: Job, wish: Wish, { operations }: Plans): Transition | Removal {
  if (!waits(job) || !isToBeTold(job, operations)) return remove(job, wish);
  if (job.claimNumber > 0) return withdraw(job, wish, { deleteWhenOver: true });
  return onlyIf(remove(job, wish), 'neverClaimed');
}

const waits = ({ statusCode }: Job): boolean =>
  statusCode === Status.WaitingForResources || statusCode === Status.Waiting;

const isToBeTold = ({ operation }: Job, operations: Operations<never>): boolean =>
  operations.get(operation)?.onCancel !== undefined;
