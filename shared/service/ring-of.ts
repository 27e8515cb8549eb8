import type { Job } from '../job/job.ts';
import type { Lane } from '../job/lane.ts';
import type { Operations } from './operation.ts';
import type { Link, Ring } from './ports.ts';

type Ringable = Pick<Job, 'jobId' | 'operation' | 'lane' | 'dependencyToken'>;

/** The lane of a job; one of an operation that this deployment does not have runs, and fails, alone. */
export const laneOf = ({ operation, lane }: Ringable, operations: Operations<never>): Lane =>
  lane ?? operations.get(operation)?.lane ?? 'bulk';

/** Who rings for a job says which job is meant, and which token stands in line for it. */
export const ringOf = (job: Ringable, operations: Operations<never>): Ring =>
  ringIn(laneOf(job, operations), job);

export const ringIn = (lane: Lane, { jobId, dependencyToken: token }: Omit<Ringable, 'operation'>): Ring => ({
  jobId,
  ...(token !== undefined && { token }),
  lane,
});

export const ringFor = ({ jobId, token, lane }: Link): Ring => ({ jobId, token, lane });
