import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * Where a client's logger has them, the SDK makes what it would tell `info` and `error` of each call, and its default logger
 * has them and drops it: a twentieth of a function's time. What calls did shows in traces; errors are thrown.
 */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type wants all levels, the SDK asks for each of the two
const SILENT = { debug: () => {}, warn: console.warn } as Required<DynamoDBClientConfig>['logger'];

/**
 * Region, endpoint and credentials come from the environment of the function; the SDK's retries with
 * back-off answer throttling. Each client costs cold-start time: make only those that a function uses.
 */
export const CLIENT_SETTINGS = { maxAttempts: 5, retryMode: 'standard', logger: SILENT } as const;

export interface Clients {
  readonly tables: DynamoDBDocumentClient;
  readonly queues: SQSClient;
  readonly buckets: S3Client;
}

export const makeClients = (): Clients => ({
  tables: makeTables(),
  queues: makeQueues(),
  buckets: makeBuckets(),
});

export const makeTables = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient(CLIENT_SETTINGS), {
    marshallOptions: { removeUndefinedValues: true },
  });

export const makeQueues = (): SQSClient => new SQSClient(CLIENT_SETTINGS);

export const makeBuckets = (): S3Client =>
  // A presigned PUT is signed before its body is known: a default checksum would be that of an empty body.
  new S3Client({
    ...CLIENT_SETTINGS,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
