import type { Emulators } from './emulators.ts';

/** Requests to SQS and S3 so far. */
export interface Requests {
  sqs: number;
  s3: number;
}

export function countRequests({ queues, buckets }: Emulators): Requests {
  const requests = { sqs: 0, s3: 0 };
  queues.middlewareStack.add(
    (next) => (args) => {
      requests.sqs += 1;
      return next(args);
    },
    { step: 'initialize', name: 'countRequests' },
  );
  buckets.middlewareStack.add(
    (next) => (args) => {
      requests.s3 += 1;
      return next(args);
    },
    { step: 'initialize', name: 'countRequests' },
  );
  return requests;
}
