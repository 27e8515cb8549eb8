import { randomUUID } from 'node:crypto';
import type { Clients } from '../../shared/aws/clients.ts';
import { sqsDoorbell, sqsTimers } from '../../shared/aws/sqs-doorbell.ts';
import {
  type LaneEnvironment,
  laneQueuesOf,
  type Read,
  type TimerEnvironment,
} from '../../shared/lambda/environment.ts';

/** What is rung for jobs, now and later. */
export const bells = (
  { queues }: Pick<Clients, 'queues'>,
  environment: Read<typeof LaneEnvironment & typeof TimerEnvironment>,
) => ({
  doorbell: sqsDoorbell(queues, laneQueuesOf(environment), randomUUID),
  timers: sqsTimers(queues, environment.TIMER_QUEUE_URL, Date.now),
});
