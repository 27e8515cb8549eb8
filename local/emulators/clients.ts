import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { runtimeKey } from '../iam/access-key.ts';
import { region } from '../template/identities.ts';

/** As the clients of the product: without `info` and `error` the SDK does not make what nobody reads. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type wants all levels, the SDK asks for each of the two
const silent = { debug: () => {}, warn: console.warn } as Required<DynamoDBClientConfig>['logger'];

// The emulators accept any key; a real one must never be read from the surroundings and sent to them.
const settings = (endpoint: string) => ({
  endpoint,
  region,
  credentials: { accessKeyId: runtimeKey, secretAccessKey: 'local' },
  logger: silent,
});

export const dynamoDbClient = (endpoint: string, options: { maxAttempts?: number } = {}) =>
  new DynamoDBClient({ ...settings(endpoint), ...options });
export const s3Client = (endpoint: string) => new S3Client({ ...settings(endpoint), forcePathStyle: true });

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
}

export const clientsFor = (endpoints: { dynamodb: string; sqs: string; s3: string }): Clients => ({
  dynamodb: dynamoDbClient(endpoints.dynamodb),
  sqs: new SQSClient(settings(endpoints.sqs)),
  s3: s3Client(endpoints.s3),
});
