import type { SQSClient } from '@aws-sdk/client-sqs';
import { FaultyTemplate } from '../cannot-start.ts';
import type { Functions } from '../lambda/functions.ts';
import type { Logs } from '../logs.ts';
import { ofType, type Resource } from '../template/resources.ts';
import { QueuePoller } from './mapping.ts';

interface Surroundings {
  readonly sqs: SQSClient;
  readonly functions: Functions;
  readonly logs: Logs;
}

export interface Mappings {
  /** No new batches; gives the running ones a moment to finish. */
  stop(graceMs: number): Promise<void>;
  /** Resolves when no batch is running any more. */
  drained(): Promise<void>;
}

/** Starts the event source mappings of the template. */
export function startMappings(resources: readonly Resource[], surroundings: Surroundings): Mappings {
  const mappings = ofType(resources, 'AWS::Lambda::EventSourceMapping').filter(
    ({ properties }) => properties.Enabled,
  );
  const polls = mappings.map((mapping) => pollerFor(mapping, resources, surroundings));
  // None is started before all are known to be right.
  const pollers = polls.map((start) => start());
  const drained = async () => void (await Promise.all(pollers.map((poller) => poller.drained())));
  const stop = async (graceMs: number) => {
    for (const poller of pollers) poller.stop();
    await Promise.race([drained(), new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
  };
  return { stop, drained };
}

type MappingResource = Resource<'AWS::Lambda::EventSourceMapping'>;

function pollerFor(
  mapping: MappingResource,
  resources: readonly Resource[],
  { sqs, functions, logs }: Surroundings,
): () => QueuePoller {
  const {
    EventSourceArn: queueArn,
    FunctionName,
    BatchSize,
    ScalingConfig,
    FunctionResponseTypes,
  } = mapping.properties;
  const fn = functions.get(FunctionName);
  const queue = sourceQueue(resources, queueArn, mapping.logicalId);
  refuseShortVisibility(queue, fn);
  // The invocation has to be over before its messages come back.
  const patienceMs = Math.max(1000, queue.properties.VisibilityTimeout * 1000 - fn.timeoutMs - 500);
  const mapped = {
    queueUrl: queue.ref,
    queueArn,
    batchSize: BatchSize,
    maximumConcurrency: ScalingConfig?.MaximumConcurrency ?? 1000,
    reportsBatchItemFailures: FunctionResponseTypes.includes('ReportBatchItemFailures'),
  };
  return () =>
    new QueuePoller(mapped, {
      sqs,
      hasPlace: () => functions.hasPlaceFor(fn, 'queue'),
      invoke: (event) => functions.invoke(fn.arn, event, { by: 'queue', patienceMs }),
      reportBug: (text) => logs.alarm(fn.name, `BUG of the function ${fn.name}: ${text}`),
      log: (text) => logs.write(fn.name, `${text}\n`),
    });
}

function sourceQueue(
  resources: readonly Resource[],
  queueArn: string,
  logicalId: string,
): Resource<'AWS::SQS::Queue'> {
  const queue = ofType(resources, 'AWS::SQS::Queue').find(({ attributes }) => attributes['Arn'] === queueArn);
  if (!queue) throw new FaultyTemplate([`${logicalId}: the queue ${queueArn} is not in the template`]);
  return queue;
}

/** Lambda refuses such a mapping: a message would come back while its invocation is still running. */
function refuseShortVisibility(
  queue: Resource<'AWS::SQS::Queue'>,
  fn: { name: string; timeoutMs: number },
): void {
  const visibility = queue.properties.VisibilityTimeout;
  if (visibility * 1000 >= fn.timeoutMs) return;
  const message = `the visibility timeout of ${queue.logicalId} (${visibility} s) is less than the timeout of ${fn.name}`;
  throw new FaultyTemplate([`${message} (${fn.timeoutMs / 1000} s)`]);
}
