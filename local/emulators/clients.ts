import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { runtimeKey } from '../iam/access-key.ts';
import { region } from '../template/identities.ts';

// The emulators accept any key; a real one must never be read from the surroundings and sent to them.
const settings = (endpoint: string) => ({
  endpoint,
  region,
  credentials: { accessKeyId: runtimeKey, secretAccessKey: 'local' },
});

export const dynamoDbClient = (endpoint: string, options: { maxAttempts?: number } = {}) =>
  new DynamoDBClient({ ...settings(endpoint), ...options });
export const sqsClient = (endpoint: string) => new SQSClient(settings(endpoint));
export const s3Client = (endpoint: string) => new S3Client({ ...settings(endpoint), forcePathStyle: true });
