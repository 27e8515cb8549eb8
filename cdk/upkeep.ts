import { Duration, RemovalPolicy, TimeZone } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { BundledFunction } from './bundled-function.ts';
import { environmentOf, type Surroundings } from './environment.ts';
import { grantSend, grantTable } from './grants.ts';

interface Duty {
  readonly name: 'reprocess' | 'purge';
  readonly description: string;
  readonly when: ScheduleExpression;
}

/**
 * What the service does for itself, by the clock: the reprocessing scan and the purge. A schedule hands its turn over to
 * Lambda, which queues it and tries it three times within some minutes. A turn that fails all the same raises the alarm
 * on its function's errors and is given up: there is nothing in it that the next turn would not do.
 */
export class Upkeep extends Construct {
  readonly reprocess: IFunction;
  readonly purge: IFunction;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { stage } = surroundings;
    const group = new ScheduleGroup(this, 'Schedules', {
      scheduleGroupName: `longhaul-${stage.name}`,
      // The library's default is to keep it, and then its name would be taken when the service is deployed anew.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const timeZone = TimeZone.of(stage.timeZone);
    this.reprocess = this.#duty(surroundings, group, {
      name: 'reprocess',
      description: 'the reprocessing scan, every quarter of an hour',
      when: ScheduleExpression.cron({ minute: '0/15', timeZone: TimeZone.ETC_UTC }),
    });
    this.purge = this.#duty(surroundings, group, {
      name: 'purge',
      description: 'the purge, every day at 1 AM',
      when: ScheduleExpression.cron({ minute: '0', hour: '1', timeZone }),
    });
  }

  #duty(
    surroundings: Surroundings,
    scheduleGroup: ScheduleGroup,
    { name, description, when }: Duty,
  ): IFunction {
    const { stage, storage, doorbells } = surroundings;
    const { function: duty } = new BundledFunction(this, `${name}Function`, {
      functionName: `longhaul-${stage.name}-${name}`,
      description: `Longhaul: ${description}.`,
      entry: `functions/${name}.ts`,
      timeout: Duration.minutes(5),
      memoryMb: 256,
      environment: {
        ...environmentOf.jobs(surroundings),
        ...environmentOf.lanes(surroundings),
        ...environmentOf.timers(surroundings),
      },
    });
    // Looks whether its last job is over, and brings it on its way if it is not.
    grantTable(duty, storage.jobs, ['GetItem', 'PutItem']);
    grantTable(duty, storage.jobDetails, ['GetItem', 'UpdateItem']);
    grantSend(duty, [...Object.values(doorbells.lanes), doorbells.timers]);
    new Schedule(this, `${name}Schedule`, {
      scheduleName: `longhaul-${stage.name}-${name}`,
      scheduleGroup,
      description: `Longhaul: ${description}.`,
      schedule: when,
      target: new LambdaInvoke(duty, {
        // A schedule may fire twice: the time that it was meant for tells the two from two turns.
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
        // Until Lambda has accepted the turn; how often it is tried from then on is Lambda's affair.
        retryAttempts: 3,
        maxEventAge: Duration.minutes(10), // a scan that comes later meets the next one
      }),
    });
    return duty;
  }
}
