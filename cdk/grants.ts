import { Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Schedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';

/**
 * Grants that say exactly what a function does, where the library's own ones grant whole families of actions.
 * A missing one is found by the integration tests, which evaluate the synthesised policies. A transaction needs what
 * its parts would need one by one; a batch of writes has an action of its own.
 */
type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'BatchWriteItem'
  | 'ConditionCheckItem';
type Prefix = 'assets' | 'asset-details' | 'job-details' | 'inputs' | 'exports';
type ObjectAction = 'GetObject' | 'PutObject' | 'DeleteObject';

export function grantTable(who: IGrantable, table: TableV2, actions: readonly TableAction[]): void {
  allow(
    who,
    actions.map((action) => `dynamodb:${action}`),
    [table.tableArn],
  );
}

/** An index is queried by name; the rows are read by key from the table. */
export function grantIndex(who: IGrantable, table: TableV2, index: string): void {
  allow(who, ['dynamodb:Query'], [`${table.tableArn}/index/${index}`]);
}

export function grantObjects(
  who: IGrantable,
  bucket: Bucket,
  { under, actions }: { under: Prefix; actions: readonly ObjectAction[] },
): void {
  allow(
    who,
    actions.map((action) => `s3:${action}`),
    [bucket.arnForObjects(`${under}/*`)],
  );
}

/** Without it S3 answers 403 instead of 404 for an object that is not there, and "missing" looks like "forbidden". */
export function grantToSeeMissing(who: IGrantable, bucket: Bucket): void {
  allow(who, ['s3:ListBucket'], [bucket.bucketArn]);
}

/** The queues' URLs are in the environment, so nobody has to look them up. */
export function grantSend(who: IGrantable, queues: readonly Queue[]): void {
  allow(
    who,
    ['sqs:SendMessage'],
    queues.map((queue) => queue.queueArn),
  );
}

/** To see how many messages wait in a queue, and how many are being worked on. */
export function grantCount(who: IGrantable, queues: readonly Queue[]): void {
  allow(
    who,
    ['sqs:GetQueueAttributes'],
    queues.map((queue) => queue.queueArn),
  );
}

/** An update replaces the whole schedule, so it is read first; and it hands over the role, which is a right of its own. */
export function grantToChangeSchedule(who: IGrantable, schedule: Schedule, role: IRole): void {
  allow(who, ['scheduler:GetSchedule', 'scheduler:UpdateSchedule'], [schedule.scheduleArn]);
  who.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    }),
  );
}

export function grantToChangeMappings(who: IGrantable, mappings: readonly SqsEventSource[]): void {
  allow(
    who,
    ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
    mappings.map((mapping) => mapping.eventSourceMappingArn),
  );
}

/** Lambda asks for the last one too before it makes a mapping, and it is about no resource. */
export function grantStream(who: IGrantable, stream: string): void {
  allow(who, ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [stream]);
  allow(who, ['dynamodb:ListStreams'], ['*']);
}

/** A function of our own, and no version of it. */
export function grantInvokeOne(who: IGrantable, called: IFunction): void {
  allow(who, ['lambda:InvokeFunction'], [called.functionArn]);
}

/** In the name of one sender only; either the address is verified or its domain. */
export function grantSendMail(who: IGrantable & IConstruct, sender: string | undefined): void {
  if (sender === undefined) return;
  const { partition, region, account } = Stack.of(who);
  const identity = (name: string) => `arn:${partition}:ses:${region}:${account}:identity/${name}`;
  who.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['ses:SendEmail'],
      resources: [identity(sender), identity(sender.slice(sender.lastIndexOf('@') + 1))],
      conditions: { StringEquals: { 'ses:FromAddress': sender } },
    }),
  );
}

/** On the account's default bus. */
export function grantPutEvents(who: IGrantable & IConstruct): void {
  const { partition, region, account } = Stack.of(who);
  allow(who, ['events:PutEvents'], [`arn:${partition}:events:${region}:${account}:event-bus/default`]);
}

/** Functions of the organisation's own, by name, in this account and region. */
export function grantInvoke(who: IGrantable & IConstruct, names: readonly string[]): void {
  if (names.length === 0) return;
  const { partition, region, account } = Stack.of(who);
  allow(
    who,
    ['lambda:InvokeFunction'],
    names.map((name) => `arn:${partition}:lambda:${region}:${account}:function:${name}`),
  );
}

function allow({ grantPrincipal }: IGrantable, actions: string[], resources: string[]): void {
  grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
}
