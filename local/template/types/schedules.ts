import * as z from 'zod';
import { encryption, seconds, tags } from './passed-over.ts';

const target = z.strictObject({
  Arn: z.string().regex(/^arn:aws:lambda:/, 'a schedule starts a Lambda function here'),
  Input: z.string().optional(),
  RetryPolicy: z
    .strictObject({
      MaximumEventAgeInSeconds: seconds.min(60).max(86_400).optional(),
      MaximumRetryAttempts: z.number().int().min(0).max(185).optional(),
    })
    .optional(),
  RoleArn: z.string(),
});

export const scheduleTypes = {
  'AWS::Scheduler::ScheduleGroup': z.strictObject({ Name: z.string().optional(), Tags: tags }),

  'AWS::Scheduler::Schedule': z.strictObject({
    Name: z.string().optional(),
    GroupName: z.string().default('default'),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().default('UTC'),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF', 'flexible time windows are not run here') }),
    StartDate: z.string().optional(),
    EndDate: z.string().optional(),
    Target: target,
    Description: z.string().optional(),
    KmsKeyArn: encryption,
  }),
} as const;
