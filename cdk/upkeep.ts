import { Duration, TimeZone } from 'aws-cdk-lib';
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
import { grantTable } from './grants.ts';

interface Duty {
  readonly name: 'reprocess' | 'purge';
  readonly description: string;
  readonly when: ScheduleExpression;
}

/** What the service does for itself, by the clock: the reprocessing scan and the purge. */
export class Upkeep extends Construct {
  readonly reprocess: IFunction;
  readonly purge: IFunction;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { stage } = surroundings;
    const group = new ScheduleGroup(this, 'Schedules', { scheduleGroupName: `longhaul-${stage.name}` });
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
      environment: { ...environmentOf.jobs(surroundings), ...environmentOf.lanes(surroundings) },
    });
    grantTable(duty, storage.jobs, ['PutItem']);
    grantTable(duty, storage.jobDetails, ['UpdateItem']);
    for (const queue of Object.values(doorbells.lanes)) queue.grantSendMessages(duty);
    new Schedule(this, `${name}Schedule`, {
      scheduleName: `longhaul-${stage.name}-${name}`,
      scheduleGroup,
      description: `Longhaul: ${description}.`,
      schedule: when,
      target: new LambdaInvoke(duty, {
        // A schedule may fire twice: the time that it was meant for tells the two from two turns.
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
        retryAttempts: 3,
        maxEventAge: Duration.minutes(10),
      }),
    });
    return duty;
  }
}
