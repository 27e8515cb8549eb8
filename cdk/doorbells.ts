import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { LANE_NAMES, type LaneName, type Stage } from './stage.ts';

/** Longer than the consumer's timeout, or a message would come back while its invocation still runs. */
export const VISIBILITY_MARGIN_SECONDS = 5;
/** Well above the tries of a job: its row decides its fate, never the queue. */
export const MAX_RECEIVE_COUNT = 100;
export const TIMER_TIMEOUT_SECONDS = 30;

const guarded = {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
};
/** High throughput: each message group has its own limits. */
const fifo = {
  ...guarded,
  fifo: true,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};

/** The queues that say "look at this job": a FIFO one per lane, and the timers, which can wait up to 15 minutes. */
export class Doorbells extends Construct {
  readonly lanes: Readonly<Record<LaneName, Queue>>;
  readonly deadRings: Readonly<Record<LaneName, Queue>>;
  readonly timers: Queue;
  readonly deadTimers: Queue;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    const prefix = `longhaul-${stage.name}`;
    this.deadRings = forEachLane(
      (lane) =>
        new Queue(this, `DeadRings-${lane}`, {
          ...fifo,
          queueName: `${prefix}-${lane}-dead.fifo`,
          visibilityTimeout: visibilityTimeout(TIMER_TIMEOUT_SECONDS),
        }),
    );
    this.lanes = forEachLane(
      (lane) =>
        new Queue(this, `Lane-${lane}`, {
          ...fifo,
          queueName: `${prefix}-${lane}.fifo`,
          visibilityTimeout: visibilityTimeout(stage.lanes[lane].timeoutSeconds),
          deadLetterQueue: { queue: this.deadRings[lane], maxReceiveCount: MAX_RECEIVE_COUNT },
        }),
    );
    this.deadTimers = new Queue(this, 'DeadTimers', { ...guarded, queueName: `${prefix}-timers-dead` });
    this.timers = new Queue(this, 'Timers', {
      ...guarded,
      queueName: `${prefix}-timers`,
      visibilityTimeout: visibilityTimeout(TIMER_TIMEOUT_SECONDS),
      deadLetterQueue: { queue: this.deadTimers, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }

  /** How many messages were given up, by queue. */
  deadLetters(period: Duration): Readonly<Record<LaneName | 'timers', IMetric>> {
    return {
      // Rings are rung again within moments: a count of those that lie there would miss them.
      standard: this.deadRings.standard.metricNumberOfMessagesReceived({ period }),
      bulk: this.deadRings.bulk.metricNumberOfMessagesReceived({ period }),
      // Timers stay where they are: the reprocessing scan finds their jobs.
      timers: this.deadTimers.metricApproximateNumberOfMessagesVisible({ period, statistic: 'max' }),
    };
  }
}

const visibilityTimeout = (seconds: number) => Duration.seconds(seconds + VISIBILITY_MARGIN_SECONDS);

const forEachLane = (make: (lane: LaneName) => Queue): Record<LaneName, Queue> => {
  const [standard, bulk] = LANE_NAMES;
  return { standard: make(standard), bulk: make(bulk) };
};
