import type { Job } from '../../shared/job/job.ts';
import { ok, type Route } from '../../shared/lambda/http.ts';
import { getJob } from '../../shared/service/get-job.ts';
import type { JobExporter } from '../../shared/service/jobs-csv/export-jobs.ts';
import { JobQuery, listJobs } from '../../shared/service/list-jobs.ts';
import { parse } from '../../shared/service/parse.ts';
import { presentJob } from '../../shared/service/present-job.ts';
import { seriesOfJobs } from '../../shared/service/series/list-series.ts';
import { seriesIdOf } from '../../shared/service/series/series.ts';
import { withWholeTokens } from '../../shared/service/whole-tokens.ts';
import { jobAsCsv, jobsAsCsv } from './jobs-csv.ts';

export const jobRoutes = (service: JobExporter): Route[] => {
  const shown = () => ({ operations: service.operations, now: service.clock() });
  return [
    {
      method: 'GET',
      path: '/jobs',
      answersIn: 'text/csv',
      async handle({ query, caller, prefersOther }) {
        if (prefersOther) return jobsAsCsv(query, caller, service);
        const { items, ...page } = await listJobs(parse(JobQuery, query, { in: 'query' }), service.jobs);
        const jobs = await withWholeTokens(items, service.details);
        const series = await seriesOfJobs(jobs, service);
        const present = (job: Job) => presentJob({ job, series: series.get(seriesIdOf(job) ?? '') }, shown());
        return ok({ items: jobs.map(present), ...page });
      },
    },
    {
      method: 'GET',
      path: '/jobs/{jobId}',
      answersIn: 'text/csv',
      async handle({ params, caller, prefersOther }) {
        if (prefersOther) return jobAsCsv(params, caller, service);
        const job = await getJob(params['jobId'] ?? '', caller, service);
        return ok(presentJob(job, shown()));
      },
    },
  ];
};
