import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Schedule, ScheduleExpression, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { grantToChangeMappings, grantToChangeSchedule } from './grants.ts';
import type { LaneName, Stage } from './stage.ts';

interface PurgeControl {
  readonly schedule: Schedule;
  readonly group: ScheduleGroup;
  /** What the schedule starts its function with: who changes a schedule hands it over anew. */
  readonly role: IRole;
  readonly when: ScheduleExpression;
}

/** What admins change while the service runs; the numbers of the deployment hold until they do. */
export class Controls {
  readonly #stage: Stage;
  readonly #purge: PurgeControl;
  readonly #mappings: Readonly<Record<LaneName, SqsEventSource>>;

  constructor(stage: Stage, purge: PurgeControl, mappings: Readonly<Record<LaneName, SqsEventSource>>) {
    this.#stage = stage;
    this.#purge = purge;
    this.#mappings = mappings;
  }

  get environment(): Record<string, string> {
    const { schedule, group, when } = this.#purge;
    const { standard, bulk } = this.#mappings;
    return {
      PURGE_SCHEDULE_GROUP: group.scheduleGroupName,
      PURGE_SCHEDULE_NAME: schedule.scheduleName,
      PURGE_SCHEDULE: when.expressionString,
      TIME_ZONE: this.#stage.timeZone,
      STANDARD_MAPPING: standard.eventSourceMappingId,
      BULK_MAPPING: bulk.eventSourceMappingId,
      STANDARD_CONCURRENCY: String(this.#stage.lanes.standard.maxConcurrency),
      BULK_CONCURRENCY: String(this.#stage.lanes.bulk.maxConcurrency),
    };
  }

  grantTo(who: IFunction): void {
    grantToChangeSchedule(who, this.#purge.schedule, this.#purge.role);
    grantToChangeMappings(who, Object.values(this.#mappings));
  }
}
