import { makeQueues } from '../shared/aws/clients.ts';
import { LaneEnvironment, readEnvironment, TimerEnvironment } from '../shared/lambda/environment.ts';
import { fifoHandler } from '../shared/lambda/fifo.ts';
import { readTimer } from '../shared/lambda/messages.ts';
import { wakeJob } from '../shared/service/wake-job.ts';
import { bells } from './wiring/bells.ts';

const environment = readEnvironment({ ...LaneEnvironment, ...TimerEnvironment });
const waker = { clock: Date.now, ...bells({ queues: makeQueues() }, environment) };

/** The consumer of the timers. */
export const handler = fifoHandler(async (record) => {
  await wakeJob(readTimer(record), waker);
  return 'done';
});
