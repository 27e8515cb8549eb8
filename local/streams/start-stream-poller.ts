import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { FaultyTemplate } from '../cannot-start.ts';
import type { MappingProperties } from '../mappings/mapping.ts';
import type { MappingSurroundings } from '../mappings/mappings.ts';
import { ofType, type Resource } from '../template/resources.ts';
import { StreamClient, type StreamRecord } from './stream-client.ts';
import { StreamPoller } from './stream-poller.ts';
import { StreamPositions } from './stream-positions.ts';

const defaultBatchSize = 100;

/** `now` answers the settings as they are at that moment. */
export async function startStreamPoller(
  uuid: string,
  now: () => MappingProperties,
  around: MappingSurroundings,
): Promise<StreamPoller> {
  const { data, functions, logs, clock } = around;
  const settings = now();
  const fn = functions.get(settings.FunctionName);
  const client = new StreamClient(around.dynamodb);
  const table = sourceTable(around.resources, settings.EventSourceArn);
  const emulatedStreamArn = await client.streamOf(table.ref);
  if (emulatedStreamArn === undefined)
    throw new FaultyTemplate([`${table.logicalId} has no stream, or had none when its data folder was made`]);
  data.folder('streams');
  return new StreamPoller(streamMapping(settings), {
    client,
    emulatedStreamArn,
    positions: new StreamPositions(data.file(`streams/${uuid}.json`), emulatedStreamArn),
    clock,
    isEnabled: () => now().Enabled,
    // A shard has one invocation at a time: it may wait for its place as long as it has to.
    invoke: (event) => functions.invoke(fn.arn, event, { by: 'queue', patienceMs: 24 * 60 * 60 * 1000 }),
    discard: (records, reason) => {
      logs.alarm(fn.name, `${records.length} records of a stream were given up: ${reason}`);
      void tellDestination(settings, { records, reason }, around);
    },
    log: (text) => logs.write(fn.name, `${text}\n`),
  });
}

function sourceTable(resources: readonly Resource[], streamArn: string) {
  const tables = [
    ...ofType(resources, 'AWS::DynamoDB::Table'),
    ...ofType(resources, 'AWS::DynamoDB::GlobalTable'),
  ];
  const table = tables.find(({ attributes }) => attributes['StreamArn'] === streamArn);
  if (table?.properties.StreamSpecification) return table;
  throw new FaultyTemplate([`an event source is ${streamArn}, which is no stream of the template`]);
}

const streamMapping = (given: MappingProperties) => ({
  streamArn: given.EventSourceArn,
  batchSize: given.BatchSize ?? defaultBatchSize,
  batchingWindowMs: (given.MaximumBatchingWindowInSeconds ?? 0) * 1000,
  startsAtLatest: given.StartingPosition === 'LATEST',
  isPartial: given.FunctionResponseTypes.includes('ReportBatchItemFailures'),
  bisects: given.BisectBatchOnFunctionError ?? false,
  retryAttempts: given.MaximumRetryAttempts ?? -1,
  maximumAgeSeconds: given.MaximumRecordAgeInSeconds ?? -1,
  windowSeconds: given.TumblingWindowInSeconds ?? 0,
});

/** Metadata of the records only, as Lambda sends it: whoever wants the records reads them from the stream. */
async function tellDestination(
  { DestinationConfig, EventSourceArn: streamArn }: MappingProperties,
  { records, reason }: { records: readonly StreamRecord[]; reason: string },
  { sqs, resources, logs }: MappingSurroundings,
): Promise<void> {
  const destination = DestinationConfig?.OnFailure.Destination;
  const queue = ofType(resources, 'AWS::SQS::Queue').find(
    ({ attributes }) => attributes['Arn'] === destination,
  );
  if (!queue || records.length === 0) return;
  const [first, last] = [records[0]?.dynamodb.SequenceNumber, records.at(-1)?.dynamodb.SequenceNumber];
  const DDBStreamBatchInfo = {
    streamArn,
    batchSize: records.length,
    startSequenceNumber: first,
    endSequenceNumber: last,
  };
  const message = { version: '1.0', requestContext: { condition: reason }, DDBStreamBatchInfo };
  await sqs
    .send(new SendMessageCommand({ QueueUrl: queue.ref, MessageBody: JSON.stringify(message) }))
    .catch((error: unknown) => logs.write('streams', `${String(error)}\n`));
}
