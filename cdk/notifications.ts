import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, type IFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { environmentOf, type Surroundings } from './environment.ts';
import { grantPutEvents, grantSendMail, grantStream, grantTable } from './grants.ts';

/** Follows the stream of jobs and tells people and programs what became of them. */
export class Notifications extends Construct {
  readonly followStream: IFunction;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { stage, storage } = surroundings;
    const { function: followStream } = new BundledFunction(this, 'FollowStream', {
      functionName: `longhaul-${stage.name}-follow-stream`,
      description: 'Longhaul: tells people and programs what became of jobs.',
      entry: 'functions/follow-stream.ts',
      timeout: Duration.seconds(60),
      memoryMb: 256,
      environment: {
        ...environmentOf.notifications(surroundings),
        ...environmentOf.mail(surroundings),
        ...environmentOf.settings(surroundings),
      },
    });
    grantTable(followStream, storage.notifications, [
      'GetItem',
      'Query',
      'BatchGetItem',
      'BatchWriteItem',
      'PutItem',
      'UpdateItem',
      'DeleteItem',
    ]);
    grantTable(followStream, storage.settings, ['GetItem']);
    grantSendMail(followStream, stage.mailFrom);
    grantPutEvents(followStream);
    this.#follow(followStream, surroundings);
    this.followStream = followStream;
  }

  /**
   * From what the stream still has: what was told before is not told again. A record that fails comes again until the stream
   * forgets it, a day later; only the table of notifications can make it fail.
   */
  #follow(target: IFunction, { storage }: Surroundings): void {
    const stream = storage.jobs.tableStreamArn;
    if (stream === undefined) throw new Error('The table of jobs has no stream.');
    grantStream(target, stream);
    const mapping = new EventSourceMapping(this, 'Stream', {
      target,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 50,
      maxBatchingWindow: Duration.seconds(1),
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
    });
    // Lambda refuses a mapping whose role may not read the stream yet.
    if (target.role !== undefined) mapping.node.addDependency(target.role);
  }
}
