import { CannotStart } from '../cannot-start.ts';
import { ofType, type Resource } from '../template/resources.ts';
import { createBucket } from './buckets.ts';
import type { Clients } from './clients.ts';
import { createQueue, refuseMixedDeadLetters } from './queues.ts';
import { createTable } from './tables.ts';
import { createTopics } from './topics.ts';

/** Makes the tables, queues, buckets and topics of the template on the emulators; what is there already stays. */
export async function createResources(
  resources: readonly Resource[],
  { dynamodb, sqs, s3, sns }: Clients & { readonly sns: string },
): Promise<void> {
  const tables = [
    ...ofType(resources, 'AWS::DynamoDB::Table'),
    ...ofType(resources, 'AWS::DynamoDB::GlobalTable'),
  ];
  const queues = ofType(resources, 'AWS::SQS::Queue');
  refuseMixedDeadLetters(queues);
  const created = Promise.all([
    ...tables.map((table) => createTable(dynamodb, table)),
    ...queues.map((queue) => createQueue(sqs, queue)),
    ...ofType(resources, 'AWS::S3::Bucket').map((bucket) => createBucket(s3, bucket)),
  ]).then(() => createTopics(sns, resources));
  await created.catch((cause: unknown) => {
    if (cause instanceof CannotStart) throw cause;
    throw new CannotStart(`the emulators cannot make what the template declares: ${String(cause)}${advice}`, {
      cause,
    });
  });
}

const advice =
  '\nif the files in the data folder are broken, "npm start -- --fresh" forgets them and starts anew';
