import { ok, type Route } from '../../shared/lambda/http.ts';
import type { Creator } from '../../shared/service/create-job.ts';
import { etagOf } from '../../shared/service/series/change-series.ts';
import { getSeries, listOccurrences, listSeries } from '../../shared/service/series/list-series.ts';
import { presentSeries } from '../../shared/service/series/present-series.ts';
import { previewRecurrence } from '../../shared/service/series/preview-recurrence.ts';

export const seriesRoutes = (service: Creator): Route[] => [
  {
    method: 'GET',
    path: '/series',
    async handle({ query, caller }) {
      const { items, ...page } = await listSeries(query, service);
      return ok({ items: items.map((each) => presentSeries(each, caller)), ...page });
    },
  },
  {
    method: 'GET',
    path: '/series/{seriesId}',
    async handle({ params, caller }) {
      const series = await getSeries(params, service);
      return { status: 200, headers: { etag: etagOf(series) }, body: presentSeries(series, caller) };
    },
  },
  {
    method: 'GET',
    path: '/series/{seriesId}/jobs',
    handle: async ({ params, query }) => ok(await listOccurrences(params, query, service)),
  },
  {
    method: 'POST',
    path: '/recurrences/preview',
    handle: async ({ body }) => ok(previewRecurrence(body, service.clock())),
  },
];
