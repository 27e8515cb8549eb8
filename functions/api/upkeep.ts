import type { Route } from '../../shared/lambda/http.ts';
import { requireNoBody } from '../../shared/service/no-body.ts';
import { presentJob } from '../../shared/service/present-job.ts';
import { type Previewer, previewPurge } from '../../shared/service/preview-purge.ts';
import { startUpkeepNow, type UpkeepStarter } from '../../shared/service/start-upkeep.ts';

type Service = Previewer & UpkeepStarter & { readonly newId: () => string };

export const upkeepRoutes = (service: Service): Route[] => [
  {
    method: 'POST',
    path: '/purge/preview',
    needsNoBody: true,
    async handle({ body, caller }) {
      requireNoBody(body);
      return { status: 200, body: await previewPurge(caller, service) };
    },
  },
  now('/purge', 'purge', service),
  now('/upkeep/scan', 'reprocess', service),
];

/** Does at once what a schedule does otherwise; answers with the job of an earlier turn if that is still open. */
const now = (path: string, duty: string, service: Service): Route => ({
  method: 'POST',
  path,
  needsNoBody: true,
  async handle({ body, caller }) {
    requireNoBody(body);
    const job = await startUpkeepNow(duty, caller, service);
    return {
      status: 202,
      headers: { location: `/jobs/${job.jobId}` },
      body: presentJob({ job }, { operations: service.operations, now: service.clock() }),
    };
  },
});
