import { createHash } from 'node:crypto';
import { v5 as uuidV5 } from 'uuid';

export const region = 'us-east-1';
export const accountId = '000000000000';

/** What `Ref` and `Fn::GetAtt` give for a resource. It follows from its name alone, so the order of creation is free. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where the emulators and the HTTP server answer: parts of the addresses that some resources have. */
export interface Endpoints {
  readonly sqs: string;
  readonly http: string;
}

interface Naming {
  /** The property that may give the physical name; without it CloudFormation makes one up. */
  readonly property?: string;
  readonly madeUp?: (stack: string, logicalId: string) => string;
  identify(name: string, endpoints: Endpoints, property: (name: string) => unknown): Identity;
}

export const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;

const streamLabel = '2000-01-01T00:00:00.000';

const inStack = (longest: number) => (stack: string, logicalId: string) =>
  shortened(`${stack}-${logicalId}`, longest);

const generatedId = (length: number) => (stack: string, logicalId: string) =>
  createHash('sha256').update(`${stack}/${logicalId}`).digest('hex').slice(0, length);

const table: Naming = {
  property: 'TableName',
  madeUp: inStack(255),
  identify: (name) => ({
    ref: name,
    attributes: {
      Arn: arn('dynamodb', `table/${name}`),
      // AWS ends it with the moment at which the stream was enabled; who reads it asks the table for the true one.
      StreamArn: arn('dynamodb', `table/${name}/stream/${streamLabel}`),
    },
  }),
};

const partOfApi: Naming = { madeUp: generatedId(7), identify: (id) => ({ ref: id, attributes: {} }) };

const nameOnly: Naming = { madeUp: inStack(255), identify: (name) => ({ ref: name, attributes: {} }) };

const namings: Readonly<Record<string, Naming>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::SQS::Queue': {
    property: 'QueueName',
    madeUp: inStack(75),
    identify: (name, { sqs }) => {
      const url = `${sqs}/${accountId}/${name}`;
      return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
    },
  },
  'AWS::S3::Bucket': {
    property: 'BucketName',
    madeUp: (stack, logicalId) => inStack(63)(stack, logicalId).toLowerCase(),
    identify: (name) => ({
      ref: name,
      attributes: { Arn: `arn:aws:s3:::${name}`, DomainName: `${name}.s3.amazonaws.com` },
    }),
  },
  'AWS::Lambda::Function': {
    property: 'FunctionName',
    madeUp: inStack(64),
    identify: (name) => ({ ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } }),
  },
  'AWS::Lambda::EventSourceMapping': {
    madeUp: (stack, logicalId) => uuidV5(`${stack}/${logicalId}`, uuidV5.URL),
    identify: (id) => ({
      ref: id,
      attributes: { Id: id, EventSourceMappingArn: arn('lambda', `event-source-mapping:${id}`) },
    }),
  },
  'AWS::ApiGatewayV2::Api': {
    madeUp: generatedId(10),
    identify: (id, { http }) => ({ ref: id, attributes: { ApiId: id, ApiEndpoint: http } }),
  },
  'AWS::ApiGatewayV2::Stage': { property: 'StageName', identify: (name) => ({ ref: name, attributes: {} }) },
  'AWS::ApiGatewayV2::Integration': partOfApi,
  'AWS::ApiGatewayV2::Route': partOfApi,
  'AWS::ApiGatewayV2::Authorizer': partOfApi,
  'AWS::IAM::Role': {
    property: 'RoleName',
    madeUp: inStack(64),
    identify: (name) => ({ ref: name, attributes: { Arn: `arn:aws:iam::${accountId}:role/${name}` } }),
  },
  'AWS::Logs::LogGroup': {
    property: 'LogGroupName',
    madeUp: inStack(255),
    identify: (name) => ({ ref: name, attributes: { Arn: arn('logs', `log-group:${name}:*`) } }),
  },
  'AWS::Cognito::UserPool': {
    madeUp: (stack, logicalId) => `${region}_${generatedId(9)(stack, logicalId)}`,
    identify: (id) => {
      const provider = `cognito-idp.${region}.amazonaws.com/${id}`;
      const attributes = {
        Arn: arn('cognito-idp', `userpool/${id}`),
        ProviderName: provider,
        UserPoolId: id,
      };
      return { ref: id, attributes: { ...attributes, ProviderURL: `https://${provider}` } };
    },
  },
  'AWS::Scheduler::ScheduleGroup': {
    property: 'Name',
    madeUp: inStack(64),
    identify: (name) => ({ ref: name, attributes: { Arn: arn('scheduler', `schedule-group/${name}`) } }),
  },
  'AWS::Scheduler::Schedule': {
    property: 'Name',
    madeUp: inStack(64),
    identify: (name, _endpoints, property) => {
      const group = property('GroupName');
      const path = `${typeof group === 'string' ? group : 'default'}/${name}`;
      return { ref: name, attributes: { Arn: arn('scheduler', `schedule/${path}`) } };
    },
  },
  'AWS::SNS::Topic': {
    property: 'TopicName',
    madeUp: inStack(256),
    identify: (name) => {
      const topicArn = arn('sns', name);
      return { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: name } };
    },
  },
  'AWS::Cognito::UserPoolResourceServer': {
    property: 'Identifier',
    identify: (identifier) => ({ ref: identifier, attributes: {} }),
  },
  'AWS::Cognito::UserPoolGroup': {
    property: 'GroupName',
    identify: (name) => ({ ref: name, attributes: {} }),
  },
  'AWS::Cognito::UserPoolClient': {
    madeUp: generatedId(26),
    identify: (id) => ({ ref: id, attributes: { ClientId: id } }),
  },
};

interface Named {
  readonly type: string;
  readonly stack: string;
  readonly logicalId: string;
  /** The value of a property with its intrinsics resolved. */
  readonly property: (name: string) => unknown;
}

/** The identity that CloudFormation would report for a resource of this type and name. */
export function identify(resource: Named, endpoints: Endpoints): Identity {
  const naming = namings[resource.type] ?? nameOnly;
  const given = naming.property === undefined ? undefined : resource.property(naming.property);
  const name = typeof given === 'string' ? given : madeUpName(resource, naming);
  return naming.identify(name, endpoints, resource.property);
}

function madeUpName({ type, stack, logicalId, property }: Named, naming: Naming): string {
  const name = (naming.madeUp ?? inStack(64))(stack, logicalId);
  return type === 'AWS::SQS::Queue' && property('FifoQueue') === true ? `${name}.fifo` : name;
}

function shortened(name: string, longest: number): string {
  if (name.length <= longest) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - 9)}-${digest}`;
}
