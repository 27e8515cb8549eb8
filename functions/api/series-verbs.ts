import type { Request, Route } from '../../shared/lambda/http.ts';
import type { Creator } from '../../shared/service/create-job.ts';
import { requireNoBody } from '../../shared/service/no-body.ts';
import { askOfSeries, askToDeleteSeries, askToPatchSeries } from '../../shared/service/series/ask-series.ts';
import { etagOf } from '../../shared/service/series/change-series.ts';
import { presentSeries } from '../../shared/service/series/present-series.ts';
import type { Series } from '../../shared/service/series/series.ts';

export const seriesVerbRoutes = (service: Creator): Route[] => [
  verb('pause', '/series/{seriesId}/pause', service),
  verb('resume', '/series/{seriesId}/resume', service),
  {
    method: 'PATCH',
    path: '/series/{seriesId}',
    handle: async (request) => answer(await askToPatchSeries(request, service), request),
  },
  {
    method: 'DELETE',
    path: '/series/{seriesId}',
    handle: (request) => askToDeleteSeries(request, service).then(() => ({ status: 204 })),
  },
];

const verb = (name: Parameters<typeof askOfSeries>[0], path: string, service: Creator): Route => ({
  method: 'POST',
  path,
  needsNoBody: true,
  async handle(request) {
    requireNoBody(request.body);
    return answer(await askOfSeries(name, request, service), request);
  },
});

const answer = (series: Series, { caller }: Request) => ({
  status: 200,
  headers: { etag: etagOf(series) },
  body: presentSeries(series, caller),
});
