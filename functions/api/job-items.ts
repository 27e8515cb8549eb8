import { ok, type Route } from '../../shared/lambda/http.ts';
import { downloadItems, type ItemReader, listItems } from '../../shared/service/job-items.ts';

/** Seconds. */
const ASK_AGAIN_AFTER = '2';

export const jobItemRoutes = (service: ItemReader): Route[] => [
  {
    method: 'GET',
    path: '/jobs/{jobId}/items',
    async handle({ params, query, caller }) {
      return ok(await listItems({ params, query }, caller, service));
    },
  },
  {
    method: 'GET',
    path: '/jobs/{jobId}/items/download',
    answersIn: 'text/csv',
    async handle({ params, caller }) {
      const location = await downloadItems(params, caller, service);
      if (location !== undefined) return { status: 303, headers: { location }, body: { location } };
      return {
        status: 202,
        headers: { 'retry-after': ASK_AGAIN_AFTER },
        body: { detail: 'The list is not ready yet: the job is not over, or its lines are being joined.' },
      };
    },
  },
];
