import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { LANES } from '../job/lane.ts';
import type { Ring } from '../service/ports.ts';
import type { Timer } from '../service/wake-job.ts';

const RingMessage = z.object({
  jobId: z.guid(),
  token: z.string().min(1).exactOptional(),
  lane: z.enum(LANES),
});
const TimerMessage = RingMessage.extend({ at: z.iso.datetime().transform((at) => Date.parse(at)) });

/** What our queues carry; a message that we can't read is a bug, and ends among the dead letters. */
export const readRing = (record: SQSRecord): Ring => RingMessage.parse(JSON.parse(record.body));
export const readTimer = (record: SQSRecord): Timer => TimerMessage.parse(JSON.parse(record.body));
