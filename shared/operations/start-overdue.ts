import { overdueBy } from '../assets/overdue.ts';
import type { AssetStore } from '../assets/ports.ts';
import type { Job } from '../job/job.ts';
import { isCompleted, Status } from '../job/status.ts';
import { startUpkeep, type UpkeepStarter } from '../service/start-upkeep.ts';
import { processOverdue } from './process-overdue.ts';

/** What it takes to find assets that are overdue, and to make the job for them. */
export interface OverdueRepositories {
  readonly assets: Pick<AssetStore, 'unprocessed'>;
  readonly starter: UpkeepStarter;
}

/** Whoever cancels the job does not want it back a quarter of an hour later. */
const PEACE_MS = 24 * 3_600_000;

/**
 * Looks for assets that are overdue, a page of the index at a time, and at the first one makes the job that processes
 * them all; unless there is one, or an admin has canceled the last one within a day. `turn`: the scan's job.
 */
export async function startOverdue(
  from: string | undefined,
  turn: string,
  { assets, starter }: OverdueRepositories,
): Promise<{ found: { ordered: number }; next?: string | undefined }> {
  const by = overdueBy(starter.clock());
  const { paths, next } = await assets.unprocessed({ by, from, limit: 1 });
  if (paths.length === 0) return { found: { ordered: 0 }, next };
  const latest = await latestJob(starter);
  if (latest !== undefined && (!isCompleted(latest.statusCode) || isLeftInPeace(latest, starter.clock())))
    return { found: { ordered: 0 } };
  await startUpkeep(processOverdue, turn, starter);
  return { found: { ordered: 1 } };
}

async function latestJob({ turns, jobs }: UpkeepStarter): Promise<Job | undefined> {
  const latest = await turns.latest(processOverdue.name);
  return latest === undefined ? undefined : jobs.get(latest);
}

const isLeftInPeace = ({ statusCode, completedOn }: Job, now: number): boolean =>
  statusCode === Status.Canceled && completedOn !== undefined && now < Date.parse(completedOn) + PEACE_MS;
