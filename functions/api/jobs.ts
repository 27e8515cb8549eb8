import type { Route } from '../../shared/lambda/http.ts';
import type { Creator } from '../../shared/service/create-job.ts';
import { getJob } from '../../shared/service/get-job.ts';
import { JobQuery, listJobs } from '../../shared/service/list-jobs.ts';
import { parse } from '../../shared/service/parse.ts';
import type { Clock } from '../../shared/service/ports.ts';
import { presentJob } from '../../shared/service/present-job.ts';

export const jobRoutes = (service: Creator & { clock: Clock }): Route[] => {
  const shown = () => ({ operations: service.operations, now: service.clock() });
  return [
    {
      method: 'GET',
      path: '/jobs',
      async handle({ query }) {
        const later = ['dependencyToken'];
        const { items, ...page } = await listJobs(
          parse(JobQuery, query, { in: 'query', later }),
          service.jobs,
        );
        return { status: 200, body: { items: items.map((job) => presentJob({ job }, shown())), ...page } };
      },
    },
    {
      method: 'GET',
      path: '/jobs/{jobId}',
      async handle({ params, caller }) {
        return {
          status: 200,
          body: presentJob(await getJob(params['jobId'] ?? '', caller, service), shown()),
        };
      },
    },
  ];
};
