import type { Job } from '../../../../shared/job/job.ts';
import type { Series } from '../../../../shared/service/series/series.ts';
import type { AskedOfSeries, Commit, SeriesStep } from '../happening.ts';
import { CANCELED, type Model, READY, type Rule, SUSPENDED } from './model.ts';
import { beginsAnew, goesOn, isPatch, isPause, isResume, type Move } from './series-moves.ts';

type Explanation = (move: Move) => string | undefined;

/** Of a series, by what it is about. */
const seriesOf = (job: Job | undefined): string | undefined =>
  job?.relatedTo?.startsWith('series:') ? job.relatedTo.slice('series:'.length) : undefined;

/** Series change only as somebody has asked, or as a date comes; from version to version. */
export class SeriesChanges {
  readonly #committedAt = new Map<string, number>();
  readonly #toCome = new Map<string, Set<string>>();

  /** As long as it is not over, exactly one occurrence of it is to come, and it waits for the date of its series. */
  readonly haveOneToCome: Rule = (happening, _now, model) => {
    if (happening.kind !== 'commit') return undefined;
    const touched = new Set<string>();
    for (const change of happening.rows) {
      const seriesId = seriesOf(change.after ?? change.before);
      if (seriesId === undefined) continue;
      const ids = this.#toCome.get(seriesId) ?? new Set();
      this.#toCome.set(seriesId, ids);
      if (change.after?.isToCome) ids.add(change.jobId);
      else ids.delete(change.jobId);
      touched.add(seriesId);
    }
    if (happening.series !== undefined) touched.add(happening.series.seriesId);
    for (const seriesId of touched) {
      const fault = this.#isWrong(seriesId, model);
      if (fault !== undefined) return `${seriesId}: ${fault}`;
    }
    return undefined;
  };

  #isWrong(seriesId: string, model: Model): string | undefined {
    const { rows, series: all } = model;
    const series = all.get(seriesId);
    const ids = [...(this.#toCome.get(seriesId) ?? [])];
    const wanted = series?.nextJobId === undefined ? [] : [series.nextJobId];
    if (ids.join() !== wanted.join())
      return `${ids.join() || 'none'} to come, and it stands at ${wanted.join() || 'none'}`;
    if (series === undefined) return undefined;
    const isEnded = series.endedOn !== undefined;
    if (isEnded !== (series.nextAt === undefined)) return 'is over and has a date, or neither';
    const job = rows.get(series.nextJobId ?? '');
    if (job === undefined) return undefined;
    if (job.statusCode !== SUSPENDED) return `${job.jobId} is to come, and is ${job.statusCode}`;
    if (job.dependencyToken !== undefined) return `${job.jobId} is to come, and stands in a line`;
    const date = series.isPaused ? undefined : series.nextAt;
    const isMoved = job.postponeUntil !== undefined && model.wasAsked(job.jobId, 'reschedule', 'resume');
    return job.postponeUntil === date || isMoved
      ? undefined
      : `${job.jobId} waits until ${job.postponeUntil}, and the series stands at ${date}`;
  }

  /** One version after the other, each for a reason that fits what became of the occurrence. */
  readonly haveReasons: Rule = (happening, now, model) => {
    if (happening.kind !== 'commit') return undefined;
    const { series } = happening;
    if (series === undefined) return onItsOwn(happening);
    const from = this.#committedAt.get(series.seriesId) ?? now;
    this.#committedAt.set(series.seriesId, now);
    const fault = faultOf(series, happening, { from, now, model });
    return fault && `${series.seriesId}: ${fault}`;
  };
}

/** Whoever is to come is moved by its series; a person may only give it another date. */
function onItsOwn({ rows }: Commit): string | undefined {
  const moved = rows.find(({ before, after }) => before?.isToCome && after?.isToCome !== true);
  const made = rows.find(({ before, after }) => before === undefined && after?.isToCome);
  if (moved !== undefined)
    return `${moved.jobId} was to come, and its series does not know what became of it`;
  return made && `${made.jobId} is to come, and its series does not know of it`;
}

interface Around {
  readonly from: number;
  readonly now: number;
  readonly model: Model;
}

function faultOf(
  { seriesId, before, after }: SeriesStep,
  { rows, noted }: Commit,
  { from, now, model }: Around,
): string | undefined {
  const asked = (verb: AskedOfSeries) => model.wasAskedOfSeries(seriesId, verb);
  if (before === undefined)
    return after?.version === 1 ? faultOfFirst(after, now) : `began with version ${after?.version}`;
  if (after === undefined) return asked('delete') ? undefined : 'is gone, and nobody has asked for it';
  if (after.version !== before.version + 1) return `went from version ${before.version} to ${after.version}`;
  const change = rows.find(({ jobId }) => jobId === before.nextJobId);
  const was = change?.before;
  if (was === undefined) return 'has changed without its occurrence';
  const move = { before, after, was, became: change?.after, from, now };
  const reasons = reasonsFor(move, { asked, isByService: noted?.by === 'service', model });
  if (reasons.length === 0) return 'has changed, and nobody has asked for it';
  const faults = reasons.map((reason) => reason(move));
  return faults.includes(undefined) ? undefined : faults.join('; or ');
}

/** It begins at the first date that counts, which may be this very moment. */
const faultOfFirst = (after: Series, now: number): string | undefined =>
  beginsAnew({ after, from: Date.parse(after.createdOn) - 1_000, now });

/** What may have led to what became of the occurrence. */
function reasonsFor(
  { before, after, was, became }: Move,
  {
    asked,
    isByService,
    model,
  }: { asked: (verb: AskedOfSeries) => boolean; isByService: boolean; model: Model },
): Explanation[] {
  const { jobId } = was;
  const isEnd = after.endedOn !== undefined && before.isPaused && asked('resume');
  if (became === undefined) {
    return [
      ...(model.wasAsked(jobId, 'delete', 'force-delete') ? [goesOn] : []),
      ...(asked('patch') ? [isPatch] : []),
      ...(isEnd ? [isResume] : []),
    ];
  }
  if (became.isToCome) return [...(asked('pause') ? [isPause] : []), ...(asked('resume') ? [isResume] : [])];
  if (became.statusCode === READY) return [goesOn];
  if (became.statusCode !== CANCELED) return [];
  return isByService || model.wasAsked(jobId, 'cancel') ? [goesOn] : [];
}
