import { FaultyTemplate } from '../cannot-start.ts';
import { readAssembly, type Stack } from './assembly.ts';
import { passedOverTypes, type ResourceTypeName } from './resource-types.ts';

interface Row {
  readonly type: string;
  readonly count: number;
  readonly what: string;
}

export interface TypesTable {
  readonly text: string;
  /** Types that are neither run nor passed over. */
  readonly unknown: readonly string[];
}

/** The table of an assembly; refuses one with types that are neither run nor passed over. */
export function describeTypes(assembly: string): string {
  const { text, unknown } = typesTable(readAssembly(assembly));
  if (unknown.length > 0) throw new FaultyTemplate(unknown.map((type) => `${type} is ${unknownHere}`));
  return text;
}

/** Each resource type of the templates: how many there are, and what becomes of them here. */
export function typesTable(stacks: readonly Stack[]): TypesTable {
  const types = stacks.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type));
  const rows = [...new Set(types)]
    .toSorted()
    .map((type) => rowOf(type, types.filter((other) => other === type).length));
  const width = Math.max(...rows.map(({ type }) => type.length));
  const lines = rows.map(
    ({ type, count, what }) => `${type.padEnd(width)} ${String(count).padStart(3)}  ${what}`,
  );
  return {
    text: lines.join('\n'),
    unknown: rows.filter(({ what }) => what === unknownHere).map(({ type }) => type),
  };
}

const unknownHere = 'UNKNOWN to local/template/resource-types.ts';

function rowOf(type: string, count: number): Row {
  const run: Readonly<Record<string, string>> = howTypesAreRun;
  const passedOver = passedOverTypes[type];
  if (run[type] !== undefined) return { type, count, what: `run: ${run[type]}` };
  return { type, count, what: passedOver === undefined ? unknownHere : `passed over: ${passedOver}` };
}

const routing = 'part of the one HTTP server on loopback';

const howTypesAreRun: Readonly<Record<ResourceTypeName, string>> = {
  'AWS::DynamoDB::Table': 'a table of the DynamoDB emulator',
  'AWS::DynamoDB::GlobalTable': 'a table of the DynamoDB emulator',
  'AWS::SQS::Queue': 'a queue of fauxqs',
  'AWS::S3::Bucket': 'a bucket of fauxqs',
  'AWS::SNS::Topic': 'a topic of fauxqs',
  'AWS::SNS::Subscription': 'a queue subscribed to a topic of fauxqs; an e-mail address only checked',
  'AWS::Lambda::Function': 'a child process for each instance',
  'AWS::Lambda::EventSourceMapping': 'a poller of the queue or of the stream',
  'AWS::ApiGatewayV2::Api': routing,
  'AWS::ApiGatewayV2::Stage': routing,
  'AWS::ApiGatewayV2::Integration': routing,
  'AWS::ApiGatewayV2::Route': routing,
  'AWS::ApiGatewayV2::Authorizer': 'checks tokens against the key of the local issuer',
  'AWS::Scheduler::ScheduleGroup': 'part of the scheduler in this process',
  'AWS::Scheduler::Schedule': 'a turn of the scheduler in this process, in its time zone',
  'AWS::IAM::Role': 'decides what the functions that have it may do',
  'AWS::IAM::Policy': 'decides what the functions of its roles may do',
  'AWS::Lambda::Permission': 'checked: without it API Gateway and Cognito may not invoke',
  'AWS::Cognito::UserPool': 'the local issuer, with the trigger before tokens are made',
  'AWS::Cognito::UserPoolClient': 'an audience of the local issuer; machine clients by their scope',
  'AWS::Cognito::UserPoolGroup': 'a role that the local issuer signs',
  'AWS::Cognito::UserPoolResourceServer': 'the scopes that the local issuer signs',
};
