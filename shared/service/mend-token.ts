import type { Job } from '../job/job.ts';
import { msOfSequence } from '../job/sequence.ts';
import { isCompleted, Status } from '../job/status.ts';
import { beforeDate, isNear, RING_MS } from '../job/watch.ts';
import { type Mended, type Mender, mendJob } from './mend-job.ts';
import type { Chains, Link, WatchedToken } from './ports.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Places without a job are cleared away, so many at one look. */
const MAX_ORPHANS = 10;

/**
 * Looks after the head of a token, whose followers need nobody: brings it on its way, clears places without a job away,
 * and says when to look again: no more where the line is empty, later where the head waits for long.
 */
export async function mendToken(
  seen: WatchedToken,
  mender: Mender & { readonly chains: Chains },
): Promise<Mended> {
  const { chains, jobs, clock } = mender;
  // Read before the head: what is created after it raises the tail, and then the watch is not changed.
  const tail = await chains.tail(seen.token);
  // The parts of a transaction are seen one after the other: what was appended just now is not judged yet.
  const isYoung = clock() - msOfSequence(tail) < RING_MS;
  for (let orphans = 0; orphans < MAX_ORPHANS; orphans++) {
    const head = await chains.head(seen.token);
    if (head === undefined) {
      if (!isYoung) await chains.watch(seen, { tail });
      return 'left';
    }
    const job = await jobs.get(head.jobId);
    if (job === undefined || isCompleted(job.statusCode)) {
      if (!(await chains.removeOrphan(head))) return 'left';
      continue;
    }
    const watchAt = later(job, clock());
    if (watchAt === undefined) return mendJob(inLaneOf(head, job), mender);
    if (!isYoung) await chains.watch(seen, { tail, watchAt });
    return 'left';
  }
  return 'left';
}

const inLaneOf = ({ lane }: Link, job: Job): Job => ({ ...job, lane });

/** Whoever frees a suspended head sets the date of its token anew; a day is a safety net below that. */
function later({ statusCode, postponeUntil }: Job, now: number): string | undefined {
  if (statusCode !== Status.Waiting) return undefined;
  if (postponeUntil !== undefined && isNear(postponeUntil, now)) return undefined;
  const inADay = new Date(now + DAY_MS).toISOString();
  if (postponeUntil === undefined) return inADay;
  const inTime = beforeDate(postponeUntil, now);
  return inTime < inADay ? inTime : inADay;
}
