import type { Job } from '../job/job.ts';
import type { Lane } from '../job/lane.ts';
import { msOfSequence } from '../job/sequence.ts';
import { RING_MS } from '../job/watch.ts';
import type { Creator } from './create-job.ts';
import { Unavailable } from './errors.ts';
import { type LineEntry, TailAhead } from './ports.ts';

/** Creators that meet at one token take turns; each turn somebody gets on. */
const MAX_TURNS = 40;
const LONGEST_PAUSE_MS = 250;

type Placer = Pick<Creator, 'jobs' | 'chains' | 'nextSequence' | 'random' | 'sleep'>;

/** Writes the row; with a token at the end of its line, under a sequence above all that were given out. */
export async function placeJob(job: Job, lane: Lane, creator: Placer): Promise<Job> {
  const { dependencyToken } = job;
  if (dependencyToken === undefined) {
    await creator.jobs.insert(job);
    return job;
  }
  const [placed] = await placeInLine([{ job: { ...job, dependencyToken }, lane }], creator);
  return placed?.job ?? job;
}

/** All of them or none, in this order. Throws `JobExists`, `Unavailable`. */
export async function placeInLine(
  entries: readonly LineEntry[],
  creator: Placer,
): Promise<readonly LineEntry[]> {
  let ready = entries;
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const first = ready[0]?.job.sequence ?? 0;
    try {
      await creator.chains.append(ready, new Date(msOfSequence(first) + RING_MS).toISOString());
      return ready;
    } catch (error) {
      if (!(error instanceof TailAhead)) throw error;
      ready = behind(error.last, ready, creator);
      if (turn > 0) await creator.sleep(creator.random() * Math.min(LONGEST_PAUSE_MS, 2 ** turn));
    }
  }
  throw new Unavailable('Too many jobs are being created for this token at once.', undefined);
}

/** The same entries with sequences above the last one given out, also if our clock lags behind it. */
function behind(last: number, entries: readonly LineEntry[], { nextSequence }: Placer): readonly LineEntry[] {
  const from = Math.max(nextSequence(), last + 1);
  return entries.map(({ job, lane }, index) => ({ job: { ...job, sequence: from + index }, lane }));
}
