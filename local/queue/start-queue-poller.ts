import { FaultyTemplate } from '../cannot-start.ts';
import type { MappingProperties } from '../mappings/mapping.ts';
import type { MappingSurroundings } from '../mappings/mappings.ts';
import { ofType, type Resource } from '../template/resources.ts';
import { QueuePoller } from './mapping.ts';

type Queue = Resource<'AWS::SQS::Queue'>;

const defaultBatchSize = 10;
const defaultConcurrency = 1000;

/** `now` answers the settings as they are at that moment. */
export function startQueuePoller(
  now: () => MappingProperties,
  { resources, sqs, functions, logs }: MappingSurroundings,
): QueuePoller {
  const { EventSourceArn: queueArn, FunctionName, FunctionResponseTypes } = now();
  const fn = functions.get(FunctionName);
  const queue = sourceQueue(resources, queueArn);
  refuseShortVisibility(queue, fn);
  // The invocation has to be over before its messages come back.
  const patienceMs = Math.max(1000, queue.properties.VisibilityTimeout * 1000 - fn.timeoutMs - 500);
  return new QueuePoller(
    {
      queueUrl: queue.ref,
      queueArn,
      reportsBatchItemFailures: FunctionResponseTypes.includes('ReportBatchItemFailures'),
      settings: () => ({
        isEnabled: now().Enabled,
        batchSize: now().BatchSize ?? defaultBatchSize,
        maximumConcurrency: now().ScalingConfig?.MaximumConcurrency ?? defaultConcurrency,
      }),
    },
    {
      sqs,
      hasPlace: () => functions.hasPlaceFor(fn, 'queue'),
      invoke: (event) => functions.invoke(fn.arn, event, { by: 'queue', patienceMs }),
      reportBug: (text) => logs.alarm(fn.name, `BUG of the function ${fn.name}: ${text}`),
      log: (text) => logs.write(fn.name, `${text}\n`),
    },
  );
}

function sourceQueue(resources: readonly Resource[], queueArn: string): Queue {
  const queue = ofType(resources, 'AWS::SQS::Queue').find(({ attributes }) => attributes['Arn'] === queueArn);
  if (!queue) throw new FaultyTemplate([`an event source is ${queueArn}, which is not in the template`]);
  return queue;
}

/** Lambda refuses such a mapping: a message would come back while its invocation is still running. */
function refuseShortVisibility(queue: Queue, fn: { name: string; timeoutMs: number }): void {
  const visibility = queue.properties.VisibilityTimeout;
  if (visibility * 1000 >= fn.timeoutMs) return;
  const message = `the visibility timeout of ${queue.logicalId} (${visibility} s) is less than the timeout of ${fn.name}`;
  throw new FaultyTemplate([`${message} (${fn.timeoutMs / 1000} s)`]);
}
