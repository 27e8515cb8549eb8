import { ok, type Route } from '../../shared/lambda/http.ts';
import { explainJob } from '../../shared/service/explain/explain-job.ts';
import type { Operations } from '../../shared/service/operation.ts';
import { parse } from '../../shared/service/parse.ts';
import { presentJob } from '../../shared/service/present-job.ts';
import { type InLine, LineQuery, type LineReader, showLine } from '../../shared/service/show-line.ts';

export const explainRoutes = (service: LineReader): Route[] => [
  {
    method: 'GET',
    path: '/jobs/{jobId}/explain',
    async handle({ params, caller }) {
      return ok(await explainJob(params['jobId'] ?? '', caller, service));
    },
  },
  {
    method: 'GET',
    path: '/tokens',
    async handle({ query, caller }) {
      const { items, ...line } = await showLine(parse(LineQuery, query, { in: 'query' }), caller, service);
      const shown = { operations: service.operations, now: service.clock() };
      return ok({ ...line, items: items.map((item) => present(item, shown)) });
    },
  },
];

const present = ({ position, link, job }: InLine, shown: { operations: Operations<never>; now: number }) => ({
  position,
  jobId: link.jobId,
  sequence: link.sequence,
  ...(job !== undefined && presentJob({ job }, shown)),
  // Where it is heard, whatever its operation says by now.
  lane: link.lane,
});
