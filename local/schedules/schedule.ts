import * as z from 'zod';
import { parseExpression } from './turns.ts';

const seconds = z.number();

export const scheduleTarget = z.strictObject({
  Arn: z.string().regex(/^arn:aws:lambda:/, 'a schedule starts a Lambda function here'),
  RoleArn: z.string(),
  Input: z.string().optional(),
  RetryPolicy: z
    .strictObject({
      MaximumEventAgeInSeconds: z.number().int().min(60).max(86_400).default(86_400),
      MaximumRetryAttempts: z.number().int().min(0).max(185).default(185),
    })
    .default({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }),
});

const name = z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/);

/** What describes a schedule, with the names and the defaults of the Scheduler's API. */
export const scheduleDescription = z
  .strictObject({
    GroupName: name.default('default'),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().refine(isTimeZone, 'is not a time zone').default('UTC'),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF', 'flexible time windows are not run here') }),
    /** In seconds since 1970, like all dates here. */
    StartDate: seconds.optional(),
    EndDate: seconds.optional(),
    Description: z.string().max(512).optional(),
    ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
    Target: scheduleTarget,
  })
  .superRefine(({ ScheduleExpression, ScheduleExpressionTimezone: timeZone }, context) => {
    if (!isTimeZone(timeZone)) return;
    try {
      parseExpression(ScheduleExpression, timeZone);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: 'custom', path: ['ScheduleExpression'], message });
    }
  });

export const scheduleSchema = scheduleDescription.safeExtend({
  Name: name,
  CreationDate: seconds,
  LastModificationDate: seconds,
});

export type ScheduleDescription = z.output<typeof scheduleDescription>;
export type Schedule = z.output<typeof scheduleSchema>;

/** Names are unique within a group. */
export const scheduleKey = (group: string, scheduleName: string) => `${group}/${scheduleName}`;

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
