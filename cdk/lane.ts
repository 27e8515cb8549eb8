import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { TIMER_TIMEOUT_SECONDS } from './doorbells.ts';
import { environmentOf, type Surroundings } from './environment.ts';
import {
  grantIndex,
  grantInvoke,
  grantInvokeOne,
  grantObjects,
  grantSend,
  grantTable,
  grantToSeeMissing,
} from './grants.ts';
import type { LaneName } from './stage.ts';
import type { Storage } from './storage.ts';

export interface LaneProps extends Surroundings {
  readonly lane: LaneName;
  /** Has the channels: the scan asks it to send again what could not be sent. */
  readonly followStream: IFunction;
}

/** A queue of rings, the consumer that runs jobs, and the one that rings again what had been given up. */
export class Lane extends Construct {
  readonly consumer: IFunction;
  readonly ringAgain: IFunction;
  /** What hands the rings to the consumer, as many at once as it may run. */
  readonly mapping: SqsEventSource;
  readonly #lane: LaneName;
  readonly #followStream: IFunction;
  readonly #surroundings: Surroundings;

  constructor(scope: Construct, id: string, { lane, followStream, ...surroundings }: LaneProps) {
    super(scope, id);
    this.#followStream = followStream;
    this.#lane = lane;
    this.#surroundings = surroundings;
    this.mapping = this.#mapping();
    this.consumer = this.#consumer();
    this.ringAgain = this.#ringAgain();
  }

  #mapping(): SqsEventSource {
    const { stage, doorbells } = this.#surroundings;
    const { batchSize, maxConcurrency } = stage.lanes[this.#lane];
    return new SqsEventSource(doorbells.lanes[this.#lane], {
      batchSize,
      maxConcurrency,
      reportBatchItemFailures: true,
    });
  }

  #consumer(): IFunction {
    const { stage, storage, doorbells } = this.#surroundings;
    const { timeoutSeconds, memoryMb } = stage.lanes[this.#lane];
    const { function: consumer } = new BundledFunction(this, 'RunJobs', {
      functionName: `longhaul-${stage.name}-run-jobs-${this.#lane}`,
      description: `Longhaul: runs the jobs of the lane ${this.#lane}.`,
      entry: 'functions/run-jobs.ts',
      timeout: Duration.seconds(timeoutSeconds),
      memoryMb,
      environment: {
        ...environmentOf.jobs(this.#surroundings),
        ...environmentOf.assets(this.#surroundings),
        ...environmentOf.settings(this.#surroundings),
        ...environmentOf.series(this.#surroundings),
        ...environmentOf.lanes(this.#surroundings),
        ...environmentOf.timers(this.#surroundings),
        ...environmentOf.functions(this.#surroundings),
        FOLLOW_STREAM: this.#followStream.functionName,
      },
      threads: { 'inspect-file.mjs': 'shared/assets/inspect/worker.ts' },
    });
    consumer.addEventSource(this.mapping);
    this.#grant(consumer, storage);
    grantSend(consumer, [...Object.values(doorbells.lanes), doorbells.timers]);
    return consumer;
  }

  #grant(
    consumer: IFunction,
    { jobs, chains, jobDetails, assets, settings, series, blobs: { bucket } }: Storage,
  ): void {
    // It creates jobs anew for a bulk verb, deletes what somebody deleted while it ran, and checks that an orphaned place has no job. The purge deletes by
    // the batch, and what is left of tokens and days.
    grantTable(consumer, jobs, [
      'GetItem',
      'BatchGetItem',
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'BatchWriteItem',
      'ConditionCheckItem',
    ]);
    grantIndex(consumer, jobs, 'open');
    grantIndex(consumer, jobs, 'timeline');
    grantTable(consumer, chains, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem']);
    grantIndex(consumer, chains, 'watch');
    grantTable(consumer, jobDetails, [
      'GetItem',
      'PutItem',
      'UpdateItem',
      'Query',
      'DeleteItem',
      'BatchWriteItem',
    ]);
    grantInvoke(consumer, this.#surroundings.stage.functions);
    grantInvokeOne(consumer, this.#followStream);
    grantTable(consumer, assets, ['Query', 'BatchGetItem', 'UpdateItem']);
    grantIndex(consumer, assets, 'unprocessed');
    grantTable(consumer, settings, ['GetItem']);
    grantTable(consumer, series, ['GetItem', 'PutItem']);
    grantObjects(consumer, bucket, { under: 'assets', actions: ['GetObject'] });
    grantObjects(consumer, bucket, {
      under: 'job-details',
      actions: ['GetObject', 'PutObject', 'DeleteObject'],
    });
    grantObjects(consumer, bucket, { under: 'asset-details', actions: ['PutObject'] });
    grantToSeeMissing(consumer, bucket);
  }

  #ringAgain(): IFunction {
    const { stage, doorbells } = this.#surroundings;
    const { function: ringAgain } = new BundledFunction(this, 'RingAgain', {
      functionName: `longhaul-${stage.name}-ring-again-${this.#lane}`,
      description: `Longhaul: rings again what the lane ${this.#lane} gave up.`,
      entry: 'functions/ring-again.ts',
      timeout: Duration.seconds(TIMER_TIMEOUT_SECONDS),
      memoryMb: 256,
      environment: environmentOf.timers(this.#surroundings),
    });
    ringAgain.addEventSource(
      new SqsEventSource(doorbells.deadRings[this.#lane], {
        batchSize: 10,
        maxConcurrency: 2,
        reportBatchItemFailures: true,
      }),
    );
    grantSend(ringAgain, [doorbells.timers]);
    return ringAgain;
  }
}
