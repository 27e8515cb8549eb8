import { ok, type Route } from '../../shared/lambda/http.ts';
import { orderBulk, parseBulkOrder, tryBulk } from '../../shared/operations/bulk/order-bulk.ts';
import type { CandidateReader } from '../../shared/query/candidates.ts';
import type { Creator } from '../../shared/service/create-job.ts';
import { idOfKey } from '../../shared/service/parse-order.ts';
import { presentJob } from '../../shared/service/present-job.ts';

export const bulkRoutes = (service: Creator & CandidateReader): Route[] => [
  {
    method: 'POST',
    path: '/jobs/bulk/{verb}',
    async handle({ params, body, caller, headers }) {
      const order = parseBulkOrder(params, body);
      const chosenId = idOfKey(headers, caller);
      const shown = { operations: service.operations, now: service.clock() };
      if (order.dryRun) {
        const { sample, ...counts } = await tryBulk(order, caller, service);
        return ok({ ...counts, sample: sample.map((job) => presentJob({ job }, shown)) });
      }
      const { job } = await orderBulk(order, caller, service, chosenId);
      return { status: 202, headers: { location: `/jobs/${job.jobId}` }, body: presentJob({ job }, shown) };
    },
  },
];
