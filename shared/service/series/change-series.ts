import { after } from '../../job/audit-entry.ts';
import type { Job } from '../../job/job.ts';
import { type Caller, requireControl } from '../caller.ts';
import type { Creator } from '../create-job.ts';
import { Conflict, NotFound, PreconditionFailed, Unavailable } from '../errors.ts';
import type { SeriesPatch } from '../new-job.ts';
import { nextDate } from '../recurrence/dates.ts';
import { nextOf, scheduleOf, setTimerFor, standingAt } from './move-on.ts';
import { waiting } from './occurrence.ts';
import { patched } from './patch-series.ts';
import { type Series, type SeriesChange, SeriesMoved } from './series.ts';

/** The verbs of a series. All throw `NotFound`, `NotAllowed`, `Conflict`, `PreconditionFailed`; then nothing has changed. */

export interface Asked {
  readonly seriesId: string;
  readonly caller: Caller;
  /** The versions that the caller would change, as ETags; any if left out. */
  readonly ifMatch?: string | undefined;
}

/** No occurrence comes until the series is resumed; those that have come go on. */
export const pauseSeries = (asked: Asked, service: Creator): Promise<Series> =>
  change(
    asked,
    service,
    whileOpen(async (series, job) => {
      if (series.isPaused) return undefined;
      const paused: Series = { ...touched(series, asked, service), isPaused: true };
      return { series: paused, occurrence: moved(job, paused, service) };
    }),
  );

/** Goes on at the next date that lies ahead: what has passed in between is left out. */
export const resumeSeries = (asked: Asked, service: Creator): Promise<Series> =>
  change(
    asked,
    service,
    whileOpen(async (series, job) => {
      if (!series.isPaused) return undefined;
      const now = service.clock();
      const { isPaused: _over, ...resumed } = touched(series, asked, service);
      const date = Date.parse(series.nextAt ?? '');
      const next = date > now ? date : nextDate(scheduleOf(series.recurrence), now);
      if (next === undefined) {
        const over = standingAt({ ...resumed, version: series.version }, undefined, now);
        return { series: over, occurrence: { before: job } };
      }
      const goesOn = { ...resumed, nextAt: iso(next) };
      const occurrence = moved(job, goesOn, service);
      await setTimerFor(occurrence.after, service);
      return { series: goesOn, occurrence };
    }),
  );

/** From the next occurrence on; the one that was to come is replaced. Throws `InvalidInput` too. */
export const patchSeries = (
  asked: Asked & { readonly patch: SeriesPatch },
  service: Creator,
): Promise<Series> =>
  change(
    asked,
    service,
    whileOpen(async (series, job) => {
      const { date, left, ...wanted } = patched(series, asked.patch, asked.caller, service);
      const { left: _before, ...others } = series;
      const counted = left === undefined ? {} : { left };
      const version = { ...others, ...counted, ...wanted, modifiedBy: asked.caller.id };
      const next = standingAt(version, date, service.clock());
      return { series: next, next: await nextOf(next, service), occurrence: { before: job } };
    }),
  );

/** The series is gone, and its occurrence to come with it; those that have come stay. */
export async function deleteSeries(asked: Asked, service: Creator): Promise<void> {
  let gone: Job | undefined;
  await change(asked, service, async (series, waits) => {
    gone = waits;
    return { series, goes: true, ...(waits !== undefined && { occurrence: { before: waits } }) };
  });
  if (gone !== undefined) await service.details.removeAll(gone);
}

const MAX_TRIES = 10;

/** `waits`: the occurrence to come, if the series is not over. */
type Plan = (series: Series, waits: Job | undefined) => Promise<SeriesChange | undefined>;

async function change({ seriesId, caller, ifMatch }: Asked, service: Creator, plan: Plan): Promise<Series> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const series = await service.series.get(seriesId);
    if (series === undefined) throw new NotFound('series', seriesId);
    requireControl(caller, series);
    if (ifMatch !== undefined && !matches(ifMatch, series)) throw new PreconditionFailed(etagOf(series));
    const { nextJobId } = series;
    const waits = nextJobId === undefined ? undefined : await service.jobs.get(nextJobId);
    // The parts of a transaction are seen one after the other: the row may be there in a moment.
    if (nextJobId !== undefined && waits === undefined) continue;
    const planned = await plan(series, waits);
    if (planned === undefined) return series;
    try {
      await service.series.commit(planned);
      return planned.series;
    } catch (error) {
      if (!(error instanceof SeriesMoved)) throw error;
    }
  }
  throw new Unavailable(`The series ${seriesId} changes too fast.`, undefined);
}

/** Only a series that is not over can be changed. */
const whileOpen =
  (plan: (series: Series, waits: Job) => Promise<SeriesChange | undefined>): Plan =>
  (series, waits) => {
    if (waits === undefined) throw new Conflict(`The series ${series.seriesId} is over.`);
    return plan(series, waits);
  };

/** The next version, by this caller; everything else as it was. */
const touched = (series: Series, { caller }: Asked, { clock }: Creator): Series => ({
  ...series,
  version: series.version + 1,
  modifiedOn: iso(clock()),
  modifiedBy: caller.id,
});

/** The occurrence to come waits for another date, or for none. */
function moved(before: Job, series: Series, { clock }: Creator): { before: Job; after: Job } {
  const row = {
    ...before,
    modifiedOn: after(before.modifiedOn, iso(clock())),
    modifiedBy: series.modifiedBy,
  };
  return { before, after: waiting(row, series, clock()) };
}

const iso = (ms: number): string => new Date(ms).toISOString();

export const etagOf = ({ version }: Pick<Series, 'version'>): string => `"${version}"`;

const matches = (ifMatch: string, series: Series): boolean =>
  ifMatch.split(',').some((tag) => ['*', etagOf(series)].includes(tag.trim()));
