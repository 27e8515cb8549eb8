import { isCompleted, shownAs } from '../../job/status.ts';
import type { JobChange, JobEvent } from './ports.ts';

/** A change as programs hear of it. `changeId` tells an event that came twice from two events. */
export function eventOf({ changeId, job, before }: JobChange): JobEvent {
  const { jobId, operation, name, statusCode, createdBy, ownerId, createdOn, modifiedOn } = job;
  return {
    type: isCompleted(statusCode) ? 'Job Completed' : 'Job State Changed',
    at: modifiedOn,
    detail: {
      changeId,
      jobId,
      operation,
      name,
      statusCode,
      shownAs: shownAs(job),
      statusCodeBefore: before ?? null,
      createdBy,
      ownerId,
      createdOn,
      modifiedOn,
      completedOn: job.completedOn ?? null,
      dependencyToken: job.dependencyToken ?? null,
      errorCode: job.errorCode ?? null,
    },
  };
}
