import type { Hold } from '../../job/hold.ts';
import type { Job } from '../../job/job.ts';
import type { Lane } from '../../job/lane.ts';
import { RING_MS } from '../../job/watch.ts';

/** How busy a lane is, about: SQS counts its messages approximately. */
export interface Load {
  readonly lane: Lane;
  /** Rings that nobody has heard yet. */
  readonly waiting: number;
  /** Rings that are being answered. */
  readonly inFlight: number;
  /** Invocations that the lane may have at once. */
  readonly atOnce: number;
}

export interface LaneLoad {
  of(lane: Lane): Promise<Load>;
}

/** `laneIsFull`: it will be heard when there is room. `rungNotYet`: no ring can be for it, so the scan has to ring. */
export type Standing = 'laneIsFull' | 'rungNotYet';

export const mayRun = (hold: Hold): boolean => hold === 'isNext' || hold === 'betweenSlices';

/**
 * What else the load of its lane says of a job that may run; nothing if its ring is on its way. An invocation of
 * `standard` may answer several rings, so that lane may have a little room left when it is said to be at its limit.
 */
export function standingIn({ waiting, inFlight, atOnce }: Load, job: Job, now: number): Standing | undefined {
  if (waiting > 0 && inFlight >= atOnce) return 'laneIsFull';
  const { modifiedOn, postponeUntil = modifiedOn } = job;
  const mayRunSince = Math.max(Date.parse(modifiedOn), Date.parse(postponeUntil));
  const isIdle = waiting === 0 && inFlight === 0;
  return isIdle && now - mayRunSince >= RING_MS ? 'rungNotYet' : undefined;
}

/** What needs time, or may kill its worker, is heard in `bulk` alone. */
export const heardIn = (job: Job, hold: Hold, lane: Lane): Lane =>
  hold === 'betweenSlices' || job.crashCount !== undefined ? 'bulk' : lane;
