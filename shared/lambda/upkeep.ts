import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { createPlatformJob, type PlatformCreator } from '../service/create-platform-job.ts';
import type { Operation } from '../service/operation.ts';
import { log } from './log.ts';

/** What our schedules send: the turn that is meant, which stays the same when EventBridge tries again. */
const Turn = z.object({ scheduledTime: z.string().min(1).max(64) });

/** The Lambda handler of a schedule: each turn is a system job. */
export const scheduleHandler =
  (operation: Operation<never>, creator: PlatformCreator) =>
  async (event: unknown, _context: Context): Promise<void> => {
    const { scheduledTime } = Turn.parse(event);
    const jobId = await createPlatformJob(operation, scheduledTime, creator);
    log('upkeep job created', { jobId, operation: operation.name, scheduledTime });
  };
