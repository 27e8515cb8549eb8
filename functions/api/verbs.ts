import { type Answer, ok, type Route } from '../../shared/lambda/http.ts';
import { ask, askToDelete } from '../../shared/service/ask.ts';
import type { Creator } from '../../shared/service/create-job.ts';
import { listAudit } from '../../shared/service/list-audit.ts';
import { presentJob } from '../../shared/service/present-job.ts';

export const verbRoutes = (service: Creator): Route[] => [
  verb('cancel', '/jobs/{jobId}/cancel', service),
  verb('pause', '/jobs/{jobId}/pause', service),
  verb('resume', '/jobs/{jobId}/resume', service),
  verb('postpone', '/jobs/{jobId}/postpone', service),
  verb('reschedule', '/jobs/{jobId}/reschedule', service),
  verb('rerun', '/jobs/{jobId}/rerun', service),
  {
    method: 'DELETE',
    path: '/jobs/{jobId}',
    async handle(request) {
      const job = await askToDelete(request, service);
      return job === undefined ? { status: 204, body: undefined } : answer(202, job, service);
    },
  },
  {
    method: 'GET',
    path: '/jobs/{jobId}/audit',
    handle: async (request) => ok(await listAudit(request, service)),
  },
];

const verb = (name: Parameters<typeof ask>[0], path: string, service: Creator): Route => ({
  method: 'POST',
  path,
  mayOmitBody: true,
  handle: async (request) => answer(200, await ask(name, request, service), service),
});

const answer = (status: number, job: Parameters<typeof presentJob>[0]['job'], service: Creator): Answer => ({
  status,
  headers: { location: `/jobs/${job.jobId}` },
  body: presentJob({ job }, { operations: service.operations, now: service.clock() }),
});
