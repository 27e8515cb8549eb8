import type { Hold } from '../../job/hold.ts';
import type { Job } from '../../job/job.ts';
import { openVerbs, type PersonVerb } from '../../job/open-verbs.ts';
import { type Caller, mayControl } from '../caller.ts';
import { seriesIdOf } from '../series/series.ts';

/** A verb that would bring a job on its way, and who may ask for it. */
export interface FreedBy {
  readonly verb: PersonVerb;
  /** To what it is to be done: the job itself, the head of its line, or the series that it is to come in. */
  readonly jobId?: string;
  readonly seriesId?: string;
  readonly who: string;
  /** Its owner and creator, who need the role operator for it. */
  readonly owners: readonly string[];
  readonly mayYou: boolean;
}

/** What frees a job that is held so: it may run then. */
const FREES: Partial<Record<Hold, readonly PersonVerb[]>> = {
  paused: ['resume'],
  postponed: ['resume'],
  retrying: ['resume'],
  waitsForEvent: ['resume'],
};
/** What makes room for those behind a job that is held so. A head that may run needs nobody. */
const CLEARS: Partial<Record<Hold, readonly PersonVerb[]>> = {
  paused: ['resume', 'cancel'],
  postponed: ['resume', 'cancel'],
  retrying: ['resume', 'cancel'],
  waitsForEvent: ['resume', 'cancel'],
  pausing: ['cancel'],
  runs: ['cancel'],
  betweenSlices: ['cancel'],
  workerDied: ['cancel'],
};

const WHO = 'its owner or creator as an operator, or an admin';

export const frees = (job: Job, hold: Hold, caller: Caller): FreedBy[] => open(FREES[hold], job, caller);
export const clears = (head: Job, hold: Hold, caller: Caller): FreedBy[] => open(CLEARS[hold], head, caller);

function open(verbs: readonly PersonVerb[] = [], job: Job, caller: Caller): FreedBy[] {
  const now = openVerbs(job);
  const owners = [...new Set([job.ownerId, job.createdBy])];
  const by = { who: WHO, owners, mayYou: mayControl(caller, job) };
  const seriesId = seriesIdOf(job);
  return verbs.flatMap((verb): FreedBy[] => {
    if (now.includes(verb)) return [{ verb, jobId: job.jobId, ...by }];
    // The occurrence to come of a paused series goes on with the series.
    return verb === 'resume' && job.isToCome && seriesId !== undefined ? [{ verb, seriesId, ...by }] : [];
  });
}
