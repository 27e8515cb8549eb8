import { Aws, Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { MAX_RECEIVE_COUNT } from './doorbells.ts';
import { functionsOf, type Parts } from './parts.ts';

/** A ring is heard within seconds; one that waits this long says that a lane is stuck or far too small. */
const OLDEST_RING = Duration.minutes(30);
/** Changes are told within seconds. */
const OLDEST_CHANGE = Duration.minutes(15);
const FIVE_MINUTES = Duration.minutes(5);
/** The day on which the clocks go back has 25 hours, and a turn may be some minutes late. */
const HOURS_BETWEEN_PURGES = 26;

interface Condition {
  readonly metric: IMetric;
  readonly description: string;
  readonly above?: number;
  /** Something that should happen did not. */
  readonly missing?: boolean;
  readonly periods?: number;
}

/** What a person must hear of. Told to a topic, and by e-mail where the context names an address. */
export class Alarms extends Construct {
  readonly #action: SnsAction;
  readonly #prefix: string;

  constructor(scope: Construct, id: string, parts: Parts) {
    super(scope, id);
    this.#prefix = `longhaul-${parts.stage.name}`;
    this.#action = new SnsAction(this.#topic(parts));
    this.#watchQueues(parts);
    this.#watchFunctions(parts);
    this.#watchApi(parts);
    this.#watchUpkeep(parts);
    this.#watchStream(parts);
  }

  #topic({ stage }: Parts): Topic {
    const topic = new Topic(this, 'Topic', {
      topicName: `${this.#prefix}-alarms`,
      displayName: `Longhaul ${stage.name}`,
      enforceSSL: true,
    });
    // The rule about TLS takes the place of SNS's own policy, by which the account's alarms may publish.
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    });
    topic.grantPublish(alarms);
    if (stage.alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(stage.alarmEmail));
    return topic;
  }

  #watchQueues({ doorbells }: Parts): void {
    for (const [name, metric] of Object.entries(doorbells.deadLetters(FIVE_MINUTES))) {
      this.#alarm(`dead-letters-${name}`, {
        metric,
        description: `Messages of ${name} were received ${MAX_RECEIVE_COUNT} times in vain; the log of its consumer says why.`,
      });
    }
    for (const [name, queue] of Object.entries({ ...doorbells.lanes, timers: doorbells.timers })) {
      this.#alarm(`oldest-message-${name}`, {
        metric: queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES, statistic: 'max' }),
        above: OLDEST_RING.toSeconds(),
        description: `A message of ${name} has waited for half an hour: the lane is stuck or its concurrency too low.`,
      });
    }
  }

  #watchFunctions(parts: Parts): void {
    for (const [name, one] of Object.entries(functionsOf(parts))) {
      this.#alarm(`errors-${name}`, {
        metric: one.metricErrors({ period: FIVE_MINUTES }),
        description: `The function ${name} threw, ran out of time or out of memory.`,
      });
      this.#alarm(`throttles-${name}`, {
        metric: one.metricThrottles({ period: FIVE_MINUTES }),
        periods: 3,
        description: `The function ${name} was throttled for a quarter of an hour: the account's concurrency is used up.`,
      });
    }
  }

  /** The function answers its own faults, so they are no errors of Lambda's. */
  #watchApi({ api }: Parts): void {
    this.#alarm('errors-http-api', {
      metric: api.http.metricServerError({ period: FIVE_MINUTES, statistic: 'sum' }),
      description:
        'The HTTP API answered 5xx: a bug, or a service of AWS that failed; the log of the API says which.',
    });
  }

  #watchUpkeep({ upkeep }: Parts): void {
    this.#alarm('scan-did-not-run', {
      metric: upkeep.reprocess.metricInvocations({ period: Duration.minutes(15) }),
      missing: true,
      periods: 2,
      description: 'The reprocessing scan has not run for half an hour: lost rings are not found.',
    });
    this.#alarm('purge-did-not-run', {
      metric: upkeep.purge.metricInvocations({ period: Duration.hours(1) }),
      missing: true,
      periods: HOURS_BETWEEN_PURGES,
      description: 'The purge has not run for a day: completed jobs pile up.',
    });
  }

  /** A record that fails is no error of the function's, but all that follow it wait. */
  #watchStream({ notifications }: Parts): void {
    this.#alarm('stream-behind-follow-stream', {
      metric: notifications.followStream.metric('IteratorAge', { period: FIVE_MINUTES, statistic: 'max' }),
      above: OLDEST_CHANGE.toMilliseconds(),
      description:
        'Changes of jobs have waited for a quarter of an hour to be told: the log of follow-stream says why.',
    });
  }

  #alarm(name: string, { metric, description, above = 0, missing = false, periods = 1 }: Condition): void {
    new Alarm(this, name, {
      alarmName: `${this.#prefix}-${name}`,
      alarmDescription: description,
      metric,
      threshold: missing ? 1 : above,
      comparisonOperator: missing
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: missing ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(this.#action);
  }
}
