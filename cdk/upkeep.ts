import { Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
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
import { Controls } from './controls.ts';
import { environmentOf, type Surroundings } from './environment.ts';
import { grantSend, grantTable } from './grants.ts';
import type { LaneName } from './stage.ts';

interface Duty {
  readonly name: 'reprocess' | 'purge';
  readonly description: string;
  readonly when: ScheduleExpression;
  /** What its function reads besides the jobs. */
  readonly environment?: Record<string, string>;
}

export interface UpkeepProps extends Surroundings {
  readonly mappings: Readonly<Record<LaneName, SqsEventSource>>;
}

/**
 * What the service does for itself, by the clock: the reprocessing scan and the purge. A schedule hands its turn over to
 * Lambda, which queues it and tries it three times within some minutes. A turn that fails all the same raises the alarm
 * on its function's errors and is given up: there is nothing in it that the next turn would not do.
 */
export class Upkeep extends Construct {
  readonly reprocess: IFunction;
  readonly purge: IFunction;
  readonly controls: Controls;
  readonly #surroundings: Surroundings;
  readonly #group: ScheduleGroup;

  constructor(scope: Construct, id: string, { mappings, ...surroundings }: UpkeepProps) {
    super(scope, id);
    const { stage, storage } = surroundings;
    this.#surroundings = surroundings;
    this.#group = new ScheduleGroup(this, 'Schedules', {
      scheduleGroupName: `longhaul-${stage.name}`,
      // The library's default is to keep it, and then its name would be taken when the service is deployed anew.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const timeZone = TimeZone.of(stage.timeZone);
    const purge = this.#duty({
      name: 'purge',
      description: 'the purge, every day at 1 AM',
      when: ScheduleExpression.cron({ minute: '0', hour: '1', timeZone }),
    });
    this.purge = purge.function;
    this.controls = new Controls(stage, { ...purge, group: this.#group }, mappings);
    // It also undoes what a deployment has set back.
    const { function: reprocess } = this.#duty({
      name: 'reprocess',
      description: 'the reprocessing scan, every quarter of an hour',
      when: ScheduleExpression.cron({ minute: '0/15', timeZone: TimeZone.ETC_UTC }),
      environment: { ...environmentOf.settings(surroundings), ...this.controls.environment },
    });
    this.reprocess = reprocess;
    grantTable(reprocess, storage.settings, ['GetItem']);
    this.controls.grantTo(reprocess);
  }

  #duty(duty: Duty) {
    const started = this.#function(duty);
    const role = this.#scheduleRole(duty);
    const { name, description, when } = duty;
    const schedule = new Schedule(this, `${name}Schedule`, {
      scheduleName: `longhaul-${this.#surroundings.stage.name}-${name}`,
      scheduleGroup: this.#group,
      description: `Longhaul: ${description}.`,
      schedule: when,
      target: new LambdaInvoke(started, {
        role,
        // A schedule may fire twice: the time that it was meant for tells the two from two turns.
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
        // Until Lambda has accepted the turn; how often it is tried from then on is Lambda's affair.
        retryAttempts: 3,
        maxEventAge: Duration.minutes(10), // a scan that comes later meets the next one
      }),
    });
    return { function: started, role, schedule, when };
  }

  #function({ name, description, environment }: Duty): IFunction {
    const { stage, storage, doorbells } = this.#surroundings;
    const { function: duty } = new BundledFunction(this, `${name}Function`, {
      functionName: `longhaul-${stage.name}-${name}`,
      description: `Longhaul: ${description}.`,
      entry: `functions/${name}.ts`,
      timeout: Duration.minutes(5),
      memoryMb: 256,
      environment: {
        ...environmentOf.jobs(this.#surroundings),
        ...environmentOf.lanes(this.#surroundings),
        ...environmentOf.timers(this.#surroundings),
        ...environment,
      },
    });
    // Looks whether its last job is over, and brings it on its way if it is not.
    grantTable(duty, storage.jobs, ['GetItem', 'PutItem']);
    grantTable(duty, storage.jobDetails, ['GetItem', 'UpdateItem']);
    grantSend(duty, [...Object.values(doorbells.lanes), doorbells.timers]);
    return duty;
  }

  /** Made here, and not by the library, so that it has a name for those who change the schedule. */
  #scheduleRole({ name }: Duty): Role {
    const ours = {
      'aws:SourceAccount': Stack.of(this).account,
      'aws:SourceArn': this.#group.scheduleGroupArn,
    };
    return new Role(this, `${name}ScheduleRole`, {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: ours } }),
      description: `What the schedule of longhaul-${this.#surroundings.stage.name}-${name} may do.`,
    });
  }
}
