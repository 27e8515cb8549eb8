import type { Route } from '../../shared/lambda/http.ts';
import type { ApiService } from '../wiring/api-service.ts';
import { bulkRoutes } from './bulk.ts';
import { explainRoutes } from './explain.ts';
import { jobBatchRoutes } from './job-batches.ts';
import { jobInputRoutes } from './job-inputs.ts';
import { jobItemRoutes } from './job-items.ts';
import { jobRoutes } from './jobs.ts';
import { jobExportRoutes } from './jobs-csv.ts';
import { logRoutes } from './logs.ts';
import { newJobRoutes } from './new-jobs.ts';
import { remembering } from './remembering.ts';
import { verbRoutes } from './verbs.ts';

/** Everything under `/jobs`. */
export function routesAboutJobs(service: ApiService): Route[] {
  const remember = remembering(service);
  return [
    // Before the verbs of one job: "bulk" is no job id.
    ...remember(newJobRoutes(service)),
    ...remember(bulkRoutes(service)),
    ...remember(jobBatchRoutes(service)),
    ...jobInputRoutes(service),
    ...jobRoutes(service),
    ...jobExportRoutes(service),
    ...logRoutes(service),
    ...verbRoutes(service),
    ...explainRoutes(service),
    ...jobItemRoutes(service),
  ];
}
