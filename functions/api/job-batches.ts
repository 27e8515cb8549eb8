import type { Route } from '../../shared/lambda/http.ts';
import { refusedItem } from '../../shared/lambda/problem.ts';
import { type BatchItem, createBatch } from '../../shared/service/create-batch.ts';
import type { Creator } from '../../shared/service/create-job.ts';
import { refuseKey } from '../../shared/service/parse-order.ts';
import { presentJob } from '../../shared/service/present-job.ts';

export const jobBatchRoutes = (service: Creator): Route[] => [
  {
    method: 'POST',
    path: '/jobs/batch',
    async handle({ body, caller, headers }) {
      refuseKey(headers, 'Give each job of the batch a key of its own, as "idempotencyKey".');
      const items = await createBatch(body, caller, service);
      return { status: 207, body: { items: items.map((item) => shown(item, service)) } };
    },
  },
];

/** As if it had been sent alone. */
function shown(item: BatchItem, { operations, clock }: Creator): object {
  if ('refused' in item) return refusedItem(item.refused);
  const { job, isNew, namesJob } = item;
  return {
    status: namesJob && !isNew ? 200 : 202,
    job: presentJob({ job }, { operations, now: clock() }),
  };
}
