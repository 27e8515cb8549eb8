import type { Job } from '../../job/job.ts';
import type { Json } from '../../job/json.ts';
import { type Caller, maySeePayload } from '../caller.ts';
import { tokenOf } from './occurrence.ts';
import { type Series, seriesIdOf } from './series.ts';

/** A series as people and programs see it. */
export function presentSeries(series: Series, caller: Caller): Record<string, Json> {
  const { order, recurrence, version: _etag, sequence: _place, requestHash: _own, left, ...facts } = series;
  const { input, ...texts } = order;
  const { isPaused, endedOn } = facts;
  return {
    ...present(facts),
    ...present(texts),
    recurrence: present(recurrence),
    shownAs: endedOn !== undefined ? 'Ended' : isPaused ? 'Paused' : 'Active',
    isPaused: isPaused ?? false,
    ...(left !== undefined && { occurrencesLeft: endedOn === undefined ? left : 0 }),
    ...(maySeePayload(caller, series) && { input }),
  };
}

/** What an occurrence shows of its series; of one that is gone only the id. */
export function seriesColumns(job: Job, series: Series | undefined): Record<string, Json> {
  const seriesId = seriesIdOf(job);
  if (seriesId === undefined) return {};
  if (series === undefined) return { seriesId };
  const { pattern, startTime, timeZone } = series.recurrence;
  const token = tokenOf(series);
  return {
    seriesId,
    recurrencePattern: pattern,
    recurrenceStartTime: startTime,
    ...(timeZone !== undefined && { recurrenceTimeZone: timeZone }),
    // It stands in no line yet; that is where it will.
    ...(job.isToCome && token !== undefined && { dependencyToken: token }),
  };
}

const present = (fields: object): Record<string, Json> =>
  Object.fromEntries(
    Object.entries<Json | undefined>({ ...fields }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
