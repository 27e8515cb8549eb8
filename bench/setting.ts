import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { clientsFor } from '../local/emulators/clients.ts';
import { createQueue } from '../local/emulators/queues.ts';
import { createTable } from '../local/emulators/tables.ts';
import { synthesise } from '../local/synth.ts';
import { readAssembly } from '../local/template/assembly.ts';
import { ofType, readResources } from '../local/template/resources.ts';
import type { Contender } from './contender.ts';
import { floorContender } from './floor.ts';
import { type HostedService, hostService } from './hosted-service.ts';
import { serviceContender } from './service.ts';

/** The two contenders on the same emulators, everything new and empty. */
export interface Setting {
  readonly host: HostedService;
  readonly tables: DynamoDBDocumentClient;
  readonly service: Contender;
  readonly floor: Contender;
  [Symbol.asyncDispose](): Promise<void>;
}

const FLOOR_TABLE = 'bench-floor';
const FLOOR_QUEUE = 'bench-floor.fifo';

export async function startSetting(): Promise<Setting> {
  const { assembly } = await synthesise();
  const host = await hostService(assembly);
  const { dynamodb, sqs } = clientsFor({ ...host, s3: host.sqs });
  const resources = readResources(readAssembly(assembly), { sqs: host.sqs, http: host.url });
  const jobs = ofType(resources, 'AWS::DynamoDB::GlobalTable').find(({ ref }) => ref.endsWith('-jobs'));
  const lane = ofType(resources, 'AWS::SQS::Queue').find(({ ref }) => ref.endsWith('-standard.fifo'));
  if (jobs === undefined || lane === undefined) throw new Error('The template has no jobs or no lane.');
  // The floor has a table and a queue like those of the service, so that only the service makes a difference; but no stream,
  // which nothing of the floor reads.
  const queueUrl = lane.ref.replace(/[^/]*$/, FLOOR_QUEUE);
  const { StreamSpecification: _stream, ...table } = jobs.properties;
  await createTable(dynamodb, { ...jobs, ref: FLOOR_TABLE, properties: table });
  const { RedrivePolicy: _redrive, ...plain } = lane.properties;
  await createQueue(sqs, {
    ...lane,
    ref: queueUrl,
    attributes: { ...lane.attributes, QueueName: FLOOR_QUEUE },
    properties: plain,
  });
  const tables = DynamoDBDocumentClient.from(dynamodb);
  return {
    host,
    tables,
    service: serviceContender(host),
    floor: floorContender({ tables, queues: sqs, table: FLOOR_TABLE, queueUrl }),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}
