import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { TIMER_TIMEOUT_SECONDS } from './doorbells.ts';
import { environmentOf, type Surroundings } from './environment.ts';
import { grantSend } from './grants.ts';

/** Rings when the time of a timer has come; SQS delays a message by 15 minutes at most. */
export class Timers extends Construct {
  readonly consumer: IFunction;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { stage, doorbells } = surroundings;
    const { function: wakeJobs } = new BundledFunction(this, 'WakeJobs', {
      functionName: `longhaul-${stage.name}-wake-jobs`,
      description: 'Longhaul: rings for jobs whose time has come.',
      entry: 'functions/wake-jobs.ts',
      timeout: Duration.seconds(TIMER_TIMEOUT_SECONDS),
      memoryMb: 256,
      environment: { ...environmentOf.lanes(surroundings), ...environmentOf.timers(surroundings) },
    });
    wakeJobs.addEventSource(
      new SqsEventSource(doorbells.timers, {
        batchSize: 10,
        maxConcurrency: 10,
        reportBatchItemFailures: true,
      }),
    );
    grantSend(wakeJobs, [...Object.values(doorbells.lanes), doorbells.timers]);
    this.consumer = wakeJobs;
  }
}
