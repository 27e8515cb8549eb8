import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * Region, endpoint and credentials come from the environment of the function; the SDK's retries with
 * back-off answer throttling. Each client costs cold-start time: make only those that a function uses.
 */
export const RETRIES = { maxAttempts: 5, retryMode: 'standard' } as const;

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
  DynamoDBDocumentClient.from(new DynamoDBClient(RETRIES), {
    marshallOptions: { removeUndefinedValues: true },
  });

export const makeQueues = (): SQSClient => new SQSClient(RETRIES);

export const makeBuckets = (): S3Client =>
  // A presigned PUT is signed before its body is known: a default checksum would be that of an empty body.
  new S3Client({
    ...RETRIES,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
