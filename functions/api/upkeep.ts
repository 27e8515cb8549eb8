import type { Job } from '../../shared/job/job.ts';
import { ok, type Route } from '../../shared/lambda/http.ts';
import type { Caller } from '../../shared/service/caller.ts';
import type { Enforcer } from '../../shared/service/controls.ts';
import { requireNoBody } from '../../shared/service/no-body.ts';
import { presentJob } from '../../shared/service/present-job.ts';
import { type Previewer, previewPurge } from '../../shared/service/preview-purge.ts';
import { startScanNow, startUpkeepNow, type UpkeepStarter } from '../../shared/service/start-upkeep.ts';

type Service = Previewer & UpkeepStarter & Enforcer & { readonly newId: () => string };

export const upkeepRoutes = (service: Service): Route[] => [
  {
    method: 'POST',
    path: '/purge/preview',
    needsNoBody: true,
    async handle({ body, caller }) {
      requireNoBody(body);
      return ok(await previewPurge(caller, service));
    },
  },
  now('/purge', service, (caller) => startUpkeepNow('purge', caller, service)),
  now('/upkeep/scan', service, (caller) => startScanNow(caller, service)),
];

/** Does at once what a schedule does otherwise; answers with the job of an earlier turn if that is still open. */
const now = (path: string, service: Service, start: (caller: Caller) => Promise<Job>): Route => ({
  method: 'POST',
  path,
  needsNoBody: true,
  async handle({ body, caller }) {
    requireNoBody(body);
    const job = await start(caller);
    return {
      status: 202,
      headers: { location: `/jobs/${job.jobId}` },
      body: presentJob({ job }, { operations: service.operations, now: service.clock() }),
    };
  },
});
