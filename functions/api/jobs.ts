import type { Route } from '../../shared/lambda/http.ts';
import { type Creator, createJob } from '../../shared/service/create-job.ts';
import { InvalidInput } from '../../shared/service/errors.ts';
import { getJob } from '../../shared/service/get-job.ts';
import { JobQuery, listJobs } from '../../shared/service/list-jobs.ts';
import { LATER_FIELDS, NewJob } from '../../shared/service/new-job.ts';
import { parse } from '../../shared/service/parse.ts';
import type { Clock } from '../../shared/service/ports.ts';
import { presentJob } from '../../shared/service/present-job.ts';

export const jobRoutes = (service: Creator & { clock: Clock }): Route[] => {
  const shown = () => ({ operations: service.operations, now: service.clock() });
  return [
    {
      method: 'POST',
      path: '/jobs',
      async handle({ body, caller, headers }) {
        refuseLaterHeader(headers);
        const job = await createJob(parse(NewJob, body, { later: LATER_FIELDS }), caller, service);
        return {
          status: 202,
          headers: { location: `/jobs/${job.jobId}` },
          body: presentJob({ job }, shown()),
        };
      },
    },
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

function refuseLaterHeader(headers: Readonly<Record<string, string | undefined>>): void {
  if (headers['idempotency-key'] === undefined) return;
  const detail = 'This version does not serve this header yet; leave it out.';
  throw new InvalidInput([{ in: 'header', pointer: '/idempotency-key', detail }]);
}
