import type { Job } from '../job/job.ts';
import { Status } from '../job/status.ts';
import { isNear } from '../job/watch.ts';
import type { Operations } from './operation.ts';
import type { Clock, Doorbell, JobStore, Timers } from './ports.ts';
import { ringOf } from './ring-of.ts';

/** What the scan needs to bring a job back on its way. */
export interface Mender {
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly doorbell: Doorbell;
  readonly timers: Timers;
  readonly operations: Operations<never>;
}

/** `rung`: it may run, or settle. `timed`: its date is near. `left`: somebody looks after it, or nobody has to. */
export type Mended = 'rung' | 'timed' | 'left';

/**
 * Rings for a job that could go on if somebody looked at it, and sends the timer of a near date. It writes nothing, so
 * a job that needs it again is found again; who is rung for in vain costs one refused write.
 */
export async function mendJob(job: Job, { clock, doorbell, timers, operations }: Mender): Promise<Mended> {
  const now = clock();
  const ring = ringOf(job, operations);
  switch (job.statusCode) {
    case Status.WaitingForResources:
      await doorbell.ring(ring);
      return 'rung';
    case Status.Waiting: {
      const { postponeUntil: date } = job;
      if (date === undefined || !isNear(date, now)) return 'left';
      await timers.set(ring, Date.parse(date));
      return 'timed';
    }
    case Status.InProgress:
    case Status.Pausing:
    case Status.Canceling: {
      if (job.leaseEndsAt !== undefined && Date.parse(job.leaseEndsAt) > now) return 'left';
      // In `bulk`, alone: it may have killed its worker.
      await doorbell.ring({ ...ring, lane: 'bulk' });
      return 'rung';
    }
    case Status.Succeeded:
    case Status.Failed:
    case Status.Canceled:
      return 'left';
    default:
      return job.statusCode satisfies never;
  }
}
