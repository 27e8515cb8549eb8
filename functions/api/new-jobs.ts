import type { Answer, Route } from '../../shared/lambda/http.ts';
import type { Creator } from '../../shared/service/create-job.ts';
import { wholeTexts } from '../../shared/service/long-texts.ts';
import { parsePostedOrder, parsePutOrder } from '../../shared/service/parse-order.ts';
import { presentJob } from '../../shared/service/present-job.ts';
import { type CreatedInSeries, createJobOrSeries } from '../../shared/service/series/create-series.ts';

export const newJobRoutes = (service: Creator): Route[] => [
  {
    method: 'POST',
    path: '/jobs',
    async handle({ body, caller, headers }) {
      const { order, chosenId } = parsePostedOrder(body, headers, caller);
      return answer(202, await createJobOrSeries(order, caller, service, chosenId), service);
    },
  },
  {
    method: 'PUT',
    path: '/jobs/{jobId}',
    async handle({ body, caller, headers, params }) {
      const { order, chosenId } = parsePutOrder(body, headers, params);
      const created = await createJobOrSeries(order, caller, service, chosenId);
      return answer(created.isNew ? 202 : 200, created, service);
    },
  },
];

async function answer(status: number, { job, series }: CreatedInSeries, service: Creator): Promise<Answer> {
  const whole = { ...job, ...(await wholeTexts(job, service.details)) };
  return {
    status,
    headers: { location: `/jobs/${job.jobId}` },
    body: presentJob({ job: whole, series }, { operations: service.operations, now: service.clock() }),
  };
}
