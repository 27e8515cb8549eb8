import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createBucket } from '../../local/emulators/buckets.ts';
import { dynamoDbClient, s3Client } from '../../local/emulators/clients.ts';
import { startDynamoDb } from '../../local/emulators/dynamodb.ts';
import { startFauxqs } from '../../local/emulators/fauxqs.ts';
import { createTable } from '../../local/emulators/tables.ts';
import { Children } from '../../local/processes/children.ts';
import { synthesise } from '../../local/synth.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { ofType, readResources } from '../../local/template/resources.ts';
import { makeBuckets, makeQueues, makeTables } from '../../shared/aws/clients.ts';

export interface TableNames {
  readonly jobs: string;
  readonly chains: string;
  readonly jobDetails: string;
  readonly assets: string;
  readonly settings: string;
  readonly series: string;
  readonly notifications: string;
}

/** DynamoDB, S3 and SQS as the product sees them: through its own clients, with tables and bucket of the template. */
export interface Emulators {
  readonly tables: DynamoDBDocumentClient;
  readonly buckets: S3Client;
  readonly bucket: string;
  readonly queues: SQSClient;
  /** The URL of a new queue: FIFO, if nothing else is said. */
  freshQueue(kind?: 'fifo' | 'standard'): Promise<string>;
  /** The tables of the template once more, empty. */
  freshTables(): Promise<TableNames>;
  [Symbol.asyncDispose](): Promise<void>;
}

const lost = (reason: string): unknown => process.stderr.write(`${reason}\n`);
const guardian = fileURLToPath(new URL('../../local/processes/guardian.ts', import.meta.url));

export async function startEmulators(): Promise<Emulators> {
  await using steps = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-emulators-'));
  steps.defer(() => rmSync(folder, { recursive: true, force: true }));
  const children = new Children(guardian, { onChange: () => {}, onGuardianLost: () => lost('no guardian') });
  steps.defer(() => children.close());
  const databaseFile = join(folder, 'dynamodb.sqlite');
  const dynamodb = await startDynamoDb({ databaseFile, children, log: () => {}, onLost: lost });
  steps.defer(() => dynamodb.stop());
  const fauxqs = await startFauxqs(folder);
  steps.defer(() => fauxqs.stop());

  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ENDPOINT_URL_S3: fauxqs.endpoint,
    AWS_ENDPOINT_URL_SQS: fauxqs.endpoint,
  });
  const resources = await templateResources(fauxqs.endpoint);
  const [bucket] = ofType(resources, 'AWS::S3::Bucket');
  if (bucket === undefined) throw new Error('The template has no bucket.');
  await createBucket(s3Client(fauxqs.endpoint), bucket);

  const admin = dynamoDbClient(dynamodb.endpoint);
  const templates = ofType(resources, 'AWS::DynamoDB::GlobalTable');
  // The endpoint may be one that others use as well, and that keeps what is in it.
  const run = `${process.pid}-${Date.now()}`;
  let copies = 0;
  const freshTables = async (): Promise<TableNames> => {
    const copy = `${run}-${++copies}`;
    await Promise.all(
      templates.map((table) => createTable(admin, { ...table, ref: `${table.ref}-${copy}` })),
    );
    const named = (end: string) => `longhaul-local-${end}-${copy}`;
    return {
      jobs: named('jobs'),
      chains: named('chains'),
      jobDetails: named('job-details'),
      assets: named('assets'),
      settings: named('settings'),
      series: named('series'),
      notifications: named('notifications'),
    };
  };
  const queues = makeQueues();
  const freshQueue = async (kind: 'fifo' | 'standard' = 'fifo'): Promise<string> => {
    const isFifo = kind === 'fifo';
    const name = `test-${++copies}${isFifo ? '.fifo' : ''}`;
    const Attributes = isFifo ? { FifoQueue: 'true' } : {};
    await queues.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    return `${fauxqs.endpoint}/000000000000/${name}`;
  };
  const running = steps.move();
  return {
    tables: makeTables(),
    buckets: makeBuckets(),
    bucket: bucket.ref,
    queues,
    freshQueue,
    freshTables,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** The resources of the synthesised template: the tables and the bucket that are deployed. */
async function templateResources(endpoint: string) {
  const { assembly } = await synthesise();
  return readResources(readAssembly(assembly), { sqs: endpoint, http: endpoint });
}
