import type { Job } from './job.ts';

/** What tells a job from an earlier one that had the same id: clients that choose ids may use one again. */
export type Incarnation = Pick<Job, 'jobId' | 'createdOn' | 'requestHash'>;

/**
 * Under what the details of a job lie. Ids of our own are never used twice; a client's id goes with the moment and the
 * hash of its order, so nothing that an earlier job left, or a refused order, is ever taken for this one's.
 */
export const detailsKey = ({ jobId, createdOn, requestHash }: Incarnation): string =>
  requestHash === undefined ? jobId : `${jobId}@${Date.parse(createdOn)}-${requestHash}`;
