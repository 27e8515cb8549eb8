import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { Operation } from '../service/operation.ts';
import { startUpkeep, type UpkeepStarter } from '../service/start-upkeep.ts';
import { log } from './log.ts';

/** What our schedules send: the turn that is meant, which stays the same when EventBridge tries again. */
const Turn = z.object({ scheduledTime: z.string().min(1).max(64) });

/** The Lambda handler of a schedule: each turn is a system job, or moves that of an earlier turn on; and does the rest. */
export const scheduleHandler =
  (operation: Operation<never>, starter: UpkeepStarter, rest?: () => Promise<void>) =>
  async (event: unknown, _context: Context): Promise<void> => {
    const { scheduledTime } = Turn.parse(event);
    const { jobId } = await startUpkeep(operation, scheduledTime, starter);
    log('upkeep job is open', { jobId, operation: operation.name, scheduledTime });
    await rest?.();
  };
