import type { Caller } from '../caller.ts';
import type { Creator } from '../create-job.ts';
import { SeriesPatch } from '../new-job.ts';
import { parse } from '../parse.ts';
import { deleteSeries, patchSeries, pauseSeries, resumeSeries } from './change-series.ts';
import { seriesIdIn } from './list-series.ts';
import type { Series } from './series.ts';

/** What is asked of a series, as it came. */
export interface AskingSeries {
  readonly params: unknown;
  readonly caller: Caller;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const asked = ({ params, caller, headers }: AskingSeries) => ({
  seriesId: seriesIdIn(params),
  caller,
  ifMatch: headers['if-match'],
});

const VERBS = { pause: pauseSeries, resume: resumeSeries } as const;

export const askOfSeries = async (
  verb: keyof typeof VERBS,
  asking: AskingSeries,
  service: Creator,
): Promise<Series> => VERBS[verb](asked(asking), service);

export const askToPatchSeries = async (
  { body, ...asking }: AskingSeries & { readonly body: unknown },
  service: Creator,
): Promise<Series> => patchSeries({ ...asked(asking), patch: parse(SeriesPatch, body) }, service);

export const askToDeleteSeries = async (asking: AskingSeries, service: Creator): Promise<void> =>
  deleteSeries(asked(asking), service);
