import { GetScheduleCommand, type SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import type { Control, PurgeTimes } from '../service/controls.ts';

/** The purge's schedule at EventBridge Scheduler. */
export class PurgeSchedule implements Control<PurgeTimes> {
  readonly #client: SchedulerClient;
  readonly #key: { readonly GroupName: string; readonly Name: string };

  constructor(client: SchedulerClient, { group, name }: { group: string; name: string }) {
    this.#client = client;
    this.#key = { GroupName: group, Name: name };
  }

  async inForce(): Promise<PurgeTimes | undefined> {
    const { ScheduleExpression: expression, ScheduleExpressionTimezone: timeZone } = await this.#read();
    return expression === undefined ? undefined : { expression, timeZone: timeZone ?? 'UTC' };
  }

  async set({ expression, timeZone }: PurgeTimes): Promise<void> {
    // An update replaces the whole schedule: what it does not say falls back to its default.
    const {
      $metadata: _m,
      Arn: _a,
      CreationDate: _c,
      LastModificationDate: _l,
      ...schedule
    } = await this.#read();
    const { FlexibleTimeWindow, Target } = schedule;
    await this.#client.send(
      new UpdateScheduleCommand({
        ...schedule,
        ...this.#key,
        FlexibleTimeWindow,
        Target,
        ScheduleExpression: expression,
        ScheduleExpressionTimezone: timeZone,
      }),
    );
  }

  #read() {
    return this.#client.send(new GetScheduleCommand(this.#key));
  }
}
