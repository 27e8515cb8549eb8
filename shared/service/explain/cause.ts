import { type Hold, holdOf } from '../../job/hold.ts';
import type { Job } from '../../job/job.ts';
import type { Lane } from '../../job/lane.ts';
import type { Audit } from '../audit.ts';
import type { Clock } from '../ports.ts';
import { type AskedBy, askedBy } from './asked-by.ts';
import { heardIn, type LaneLoad, type Load, mayRun, type Standing, standingIn } from './lane-load.ts';

/** Why a job is not running at this moment, or that it is; see `hold.ts` and `lane-load.ts`. */
export type Because = Hold | Standing | 'waitsForTurn';

/** What is known of what holds a job. */
export interface Cause {
  readonly job: Job;
  readonly hold: Hold;
  readonly because: Because;
  readonly askedBy?: AskedBy;
  readonly load?: Load;
}

export interface Witnesses {
  readonly clock: Clock;
  /** Without it, rows say who has changed them last, but not why. */
  readonly audit?: Audit;
  readonly laneLoad: LaneLoad;
  readonly log: (text: string, facts: Record<string, string>) => void;
}

/** What holds a job that nobody is ahead of. One read at most. */
export async function causeOf(job: Job, lane: Lane, service: Witnesses): Promise<Cause> {
  const now = service.clock();
  const hold = holdOf(job, new Date(now).toISOString());
  const asked = await askedBy(job, hold, service.audit);
  const load = mayRun(hold) ? await loadOf(heardIn(job, hold, lane), service) : undefined;
  return {
    job,
    hold,
    because: (load && standingIn(load, job, now)) ?? hold,
    ...(asked !== undefined && { askedBy: asked }),
    ...(load !== undefined && { load }),
  };
}

/** A queue that can't be asked is no reason to explain nothing. */
async function loadOf(lane: Lane, { laneLoad, log }: Witnesses): Promise<Load | undefined> {
  try {
    return await laneLoad.of(lane);
  } catch (error) {
    log('the load of a lane is not known', { lane, error: String(error) });
    return undefined;
  }
}
