import type { Schedule } from '../../local/schedules/schedule.ts';

/** A valid schedule: the purge's, made long ago. */
export const aSchedule = (parts: Partial<Schedule> = {}): Schedule => ({
  Name: 'purge',
  GroupName: 'longhaul',
  ScheduleExpression: 'cron(0 1 * * ? *)',
  ScheduleExpressionTimezone: 'UTC',
  State: 'ENABLED',
  FlexibleTimeWindow: { Mode: 'OFF' },
  ActionAfterCompletion: 'NONE',
  Target: {
    Arn: 'arn:aws:lambda:us-east-1:000000000000:function:purge',
    RoleArn: 'arn:aws:iam::000000000000:role/purge',
    RetryPolicy: { MaximumEventAgeInSeconds: 600, MaximumRetryAttempts: 3 },
  },
  CreationDate: 0,
  LastModificationDate: 1,
  ...parts,
});
