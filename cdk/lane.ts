import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { environmentOf } from './environment.ts';
import type { LaneNumbers, Stage } from './stage.ts';
import type { Storage } from './storage.ts';

export interface LaneProps {
  readonly name: 'bulk';
  readonly stage: Stage;
  readonly storage: Storage;
  readonly numbers: LaneNumbers;
}

/** Longer than the function's timeout, or a message would come back while its invocation still runs. */
const VISIBILITY_MARGIN_SECONDS = 5;
/** Well above the tries of a job: its row decides its fate, never the queue. */
const MAX_RECEIVE_COUNT = 100;

const highThroughput = {
  fifo: true,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
};

/** A queue of rings and the consumer that runs jobs. */
export class Lane extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { name, stage, storage, numbers }: LaneProps) {
    super(scope, id);
    const prefix = `longhaul-${stage.name}-${name}`;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...highThroughput,
      queueName: `${prefix}-dead.fifo`,
    });
    this.queue = new Queue(this, 'Queue', {
      ...highThroughput,
      queueName: `${prefix}.fifo`,
      visibilityTimeout: Duration.seconds(numbers.timeoutSeconds + VISIBILITY_MARGIN_SECONDS),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    const { function: consumer } = new BundledFunction(this, 'RunJobs', {
      functionName: `${prefix}-run-jobs`,
      description: `Longhaul: runs the jobs of the lane ${name}.`,
      entry: 'functions/run-jobs.ts',
      timeout: Duration.seconds(numbers.timeoutSeconds),
      memoryMb: 1_769, // one whole processor
      environment: environmentOf({ stage, storage, lanes: { bulk: this } }),
      threads: { 'inspect-file.mjs': 'shared/assets/inspect/worker.ts' },
    });
    consumer.addEventSource(
      new SqsEventSource(this.queue, {
        // A batch keeps its groups locked until the invocation ends: jobs that take minutes come alone.
        batchSize: 1,
        maxConcurrency: numbers.maxConcurrency,
        reportBatchItemFailures: true,
      }),
    );
    storage.jobs.grant(consumer, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    storage.jobDetails.grant(consumer, 'dynamodb:GetItem', 'dynamodb:PutItem');
    storage.assets.grant(consumer, 'dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem');
    storage.bucket.grantRead(consumer);
    storage.bucket.grantPut(consumer, 'job-details/*');
    storage.bucket.grantPut(consumer, 'asset-details/*');
    this.queue.grantSendMessages(consumer);
  }
}
