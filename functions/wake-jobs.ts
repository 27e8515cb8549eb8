import { randomUUID } from 'node:crypto';
import { makeQueues } from '../shared/aws/clients.ts';
import { sqsDoorbell, sqsTimers } from '../shared/aws/sqs-doorbell.ts';
import {
  LaneEnvironment,
  laneQueuesOf,
  readEnvironment,
  TimerEnvironment,
} from '../shared/lambda/environment.ts';
import { fifoHandler } from '../shared/lambda/fifo.ts';
import { readTimer } from '../shared/lambda/messages.ts';
import { wakeJob } from '../shared/service/wake-job.ts';

const environment = readEnvironment({ ...LaneEnvironment, ...TimerEnvironment });
const queues = makeQueues();
const waker = {
  clock: Date.now,
  doorbell: sqsDoorbell(queues, laneQueuesOf(environment), randomUUID),
  timers: sqsTimers(queues, environment.TIMER_QUEUE_URL, Date.now),
};

/** The consumer of the timers. */
export const handler = fifoHandler(async (record) => {
  await wakeJob(readTimer(record), waker);
  return 'done';
});
