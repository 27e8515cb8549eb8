import { type AwsApi, startAwsApi } from '../aws-api/server.ts';
import type { DataFolder } from '../data-folder/data-folder.ts';
import type { ServiceEndpoints } from '../endpoints.ts';
import type { Logs } from '../logs.ts';
import type { Children } from '../processes/children.ts';
import { startDynamoDb } from './dynamodb.ts';
import { startFauxqs } from './fauxqs.ts';

interface Surroundings {
  readonly data: DataFolder;
  readonly children: Children;
  readonly logs: Logs;
  readonly onLost: (reason: string) => void;
}

export interface Emulators {
  readonly endpoints: ServiceEndpoints;
  /** Answers for the services that have no emulator of their own. */
  readonly awsApi: AwsApi;
}

/** Starts what stands in for the services of AWS; what has been started is stopped by the steps. */
export async function startEmulators(
  steps: AsyncDisposableStack,
  { data, children, logs, onLost }: Surroundings,
): Promise<Emulators> {
  const fauxqs = await startFauxqs(data.folder('fauxqs'));
  steps.defer(() => fauxqs.stop());
  const tables = await startDynamoDb({
    databaseFile: data.file('dynamodb.sqlite'),
    children,
    log: (text) => logs.write('dynamodb', text),
    onLost,
  });
  steps.defer(() => tables.stop());
  const awsApi = await startAwsApi((error) => logs.alarm('aws-api', String(error)));
  steps.defer(() => awsApi.stop());
  const { endpoint } = awsApi;
  return {
    awsApi,
    endpoints: {
      dynamodb: tables.endpoint,
      sqs: fauxqs.endpoint,
      sns: fauxqs.endpoint,
      s3: fauxqs.endpoint,
      scheduler: endpoint,
      lambda: endpoint,
      ses: endpoint,
      events: endpoint,
    },
  };
}
