import type { Job } from '../../shared/job/job.ts';
import type { Route } from '../../shared/lambda/http.ts';
import type { Creator } from '../../shared/service/create-job.ts';
import { getJob } from '../../shared/service/get-job.ts';
import { JobQuery, listJobs } from '../../shared/service/list-jobs.ts';
import { parse } from '../../shared/service/parse.ts';
import { presentJob } from '../../shared/service/present-job.ts';
import { seriesOfJobs } from '../../shared/service/series/list-series.ts';
import { seriesIdOf } from '../../shared/service/series/series.ts';
import { withWholeTokens } from '../../shared/service/whole-tokens.ts';

export const jobRoutes = (service: Creator): Route[] => {
  const shown = () => ({ operations: service.operations, now: service.clock() });
  return [
    {
      method: 'GET',
      path: '/jobs',
      async handle({ query }) {
        const { items, ...page } = await listJobs(parse(JobQuery, query, { in: 'query' }), service.jobs);
        const jobs = await withWholeTokens(items, service.details);
        const series = await seriesOfJobs(jobs, service);
        const present = (job: Job) => presentJob({ job, series: series.get(seriesIdOf(job) ?? '') }, shown());
        return { status: 200, body: { items: jobs.map(present), ...page } };
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
