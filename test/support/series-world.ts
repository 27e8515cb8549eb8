import type { Job } from '../../shared/job/job.ts';
import type { Caller } from '../../shared/service/caller.ts';
import type { NewJob } from '../../shared/service/new-job.ts';
import { NewJob as Order } from '../../shared/service/new-job.ts';
import { parse } from '../../shared/service/parse.ts';
import { ringOf } from '../../shared/service/ring-of.ts';
import { createJobOrSeries } from '../../shared/service/series/create-series.ts';
import { type Series, seriesIdOf } from '../../shared/service/series/series.ts';
import { at } from './a-job.ts';
import { hear, theJob, type World } from './a-world.ts';

export const OLGA: Caller = { id: 'olga', role: 'operator' };
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

interface Said {
  pattern?: string;
  startTime?: string | undefined;
  timeZone?: string;
  missed?: string;
  overlap?: string;
}

/** An order of `count-to` that recurs daily from one hour past noon on, if nothing else is said. */
export const anOrder = (recurrence: Said = {}, order: Record<string, unknown> = {}): NewJob =>
  parse(Order, {
    operation: 'count-to',
    input: { to: 3 },
    ...order,
    recurrence: { pattern: 'FREQ=DAILY;', startTime: at(HOUR), ...recurrence },
  });

export async function begin(
  world: World,
  recurrence: Said = {},
  order: Record<string, unknown> = {},
  chosenId?: string,
): Promise<{ seriesId: string; job: Job }> {
  const { job } = await createJobOrSeries(anOrder(recurrence, order), OLGA, world, chosenId);
  return { seriesId: seriesIdOf(job) ?? '', job };
}

export async function theSeries(seriesId: string, { series }: Pick<World, 'series'>): Promise<Series> {
  const found = await series.get(seriesId);
  if (found === undefined) throw new Error(`There is no series ${seriesId}.`);
  return found;
}

/** The occurrence that is to come. */
export const toCome = async (seriesId: string, world: Pick<World, 'series' | 'jobs'>): Promise<Job> =>
  theJob((await theSeries(seriesId, world)).nextJobId ?? 'none', world);

/** At this time somebody hears the timer of the occurrence to come, and every ring that follows. */
export async function passTo(ms: number, seriesId: string, world: World): Promise<Job> {
  const job = await toCome(seriesId, world);
  world.clock.set(Date.parse(at(ms)));
  await hear(ringOf(job, world.operations), world);
  for (let ring = world.doorbell.rings.shift(); ring !== undefined; ring = world.doorbell.rings.shift())
    await hear(ring, world);
  return theJob(job.jobId, world);
}

/** The next commits of a series fail, so many of them. */
export function failing(times: number, error: Error, { series }: World): void {
  const commit = series.commit.bind(series);
  let left = times;
  series.commit = async (change) => {
    if (left-- > 0) throw error;
    return commit(change);
  };
}
