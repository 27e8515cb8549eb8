import type * as z from 'zod';
import { functionTypes } from './types/functions.ts';
import { httpApiTypes } from './types/http-api.ts';
import { identityTypes } from './types/identity.ts';
import { permissionTypes } from './types/permissions.ts';
import { queueAndBlobTypes } from './types/queues-and-blobs.ts';
import { scheduleTypes } from './types/schedules.ts';
import { tableTypes } from './types/tables.ts';

/**
 * The resource types that are run here. A schema lists the properties that are honoured and, knowingly and with the reason,
 * those that are passed over; any other property is an error, for the runtime would silently differ from AWS.
 */
export const resourceTypes = {
  ...tableTypes,
  ...queueAndBlobTypes,
  ...functionTypes,
  ...httpApiTypes,
  ...scheduleTypes,
  ...identityTypes,
  ...permissionTypes,
} as const;

export type ResourceTypeName = keyof typeof resourceTypes;
export type Properties<T extends ResourceTypeName> = z.output<(typeof resourceTypes)[T]>;

/** Types that need nothing done here, and why. */
export const passedOverTypes: Readonly<Record<string, string>> = {
  'AWS::Logs::LogGroup': 'logs go to files of the data folder',
  'AWS::SQS::QueuePolicy': 'the emulator has one account and no strangers',
  'AWS::S3::BucketPolicy': 'the emulator has one account and no strangers',
  'AWS::SNS::TopicPolicy': 'the emulator has one account and no strangers',
  'AWS::CDK::Metadata': 'statistics of the CDK',
  'AWS::CloudWatch::Alarm': 'there are no metrics, and nobody to wake',
  'AWS::CloudWatch::Dashboard': 'there are no metrics to show',
  'AWS::Cognito::UserPoolDomain': 'nobody signs in here: the local issuer has no pages',
};
