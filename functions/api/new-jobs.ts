import type { Route } from '../../shared/lambda/http.ts';
import { type Creator, createJob } from '../../shared/service/create-job.ts';
import { InvalidInput } from '../../shared/service/errors.ts';
import { LATER_FIELDS, NewJob } from '../../shared/service/new-job.ts';
import { parse } from '../../shared/service/parse.ts';
import type { Clock } from '../../shared/service/ports.ts';
import { presentJob } from '../../shared/service/present-job.ts';

export const newJobRoutes = (service: Creator & { clock: Clock }): Route[] => [
  {
    method: 'POST',
    path: '/jobs',
    async handle({ body, caller, headers }) {
      refuseLaterHeader(headers);
      const job = await createJob(parse(NewJob, body, { later: LATER_FIELDS }), caller, service);
      return {
        status: 202,
        headers: { location: `/jobs/${job.jobId}` },
        body: presentJob({ job }, { operations: service.operations, now: service.clock() }),
      };
    },
  },
];

function refuseLaterHeader(headers: Readonly<Record<string, string | undefined>>): void {
  if (headers['idempotency-key'] === undefined) return;
  const detail = 'This version does not serve this header yet; leave it out.';
  throw new InvalidInput([{ in: 'header', pointer: '/idempotency-key', detail }]);
}
