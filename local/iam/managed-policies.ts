import * as z from 'zod';
import { policyDocument, type Statement } from './policy-document.ts';

const allow = (...Action: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});

const writesLogs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** Those of the policies managed by AWS that a role here may name, as the AWS Managed Policy Reference prints them. */
const known: Readonly<Record<string, unknown>> = {
  'service-role/AWSLambdaBasicExecutionRole': allow(...writesLogs),
  'service-role/AWSLambdaSQSQueueExecutionRole': allow(
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    ...writesLogs,
  ),
  'service-role/AWSLambdaDynamoDBExecutionRole': allow(
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    ...writesLogs,
  ),
  AWSXRayDaemonWriteAccess: allow(
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ),
};

const prefix = 'arn:aws:iam::aws:policy/';

/** The ARN of a managed policy, read as its statements. */
export const managedPolicy = z.string().transform((arn, context): readonly Statement[] => {
  const document = arn.startsWith(prefix) ? known[arn.slice(prefix.length)] : undefined;
  if (document !== undefined) return policyDocument.parse(document);
  context.addIssue(`the managed policy ${arn} is not known to local/iam/managed-policies.ts`);
  return z.NEVER;
});
