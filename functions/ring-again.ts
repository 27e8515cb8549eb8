import { makeQueues } from '../shared/aws/clients.ts';
import { sqsTimers } from '../shared/aws/sqs-doorbell.ts';
import { readEnvironment, TimerEnvironment } from '../shared/lambda/environment.ts';
import { fifoHandler } from '../shared/lambda/fifo.ts';
import { log } from '../shared/lambda/log.ts';
import { readRing } from '../shared/lambda/messages.ts';

/** What made a ring end here may still be there: a pause, so that the two queues do not spin. */
const PAUSE_MS = 60_000;

const { TIMER_QUEUE_URL } = readEnvironment(TimerEnvironment);
const timers = sqsTimers(makeQueues(), TIMER_QUEUE_URL, Date.now);

/** The consumer of a lane's dead letters: the row decides a job's fate, so a ring is never given up. */
export const handler = fifoHandler(async (record) => {
  const ring = readRing(record);
  log('ringing again', { ...ring, received: record.attributes.ApproximateReceiveCount });
  await timers.set(ring, Date.now() + PAUSE_MS);
  return 'done';
});
