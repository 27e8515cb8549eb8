import { accountId, arn } from '../template/identities.ts';
import { ofType, type Resource } from '../template/resources.ts';
import { type AccessRequest, decide, trusts } from './decide.ts';
import { type Role, readRoles } from './roles.ts';

/** What AWS does with a role that is not its own: who takes it on, and what it must be good for. */
interface Duty {
  readonly what: string;
  readonly roleArn: string;
  readonly service: string;
  readonly sourceArn?: string;
  readonly needs: readonly AccessRequest[];
}

/** What roles lack for what AWS does with them: running functions, polling event sources, firing schedules. */
export function missingRoleGrants(resources: readonly Resource[]): string[] {
  const roles = readRoles(resources);
  const duties = [...functions(resources), ...mappings(resources), ...schedules(resources)];
  return duties.flatMap((duty) => faultsOf(duty, roles.get(duty.roleArn)));
}

function faultsOf({ what, roleArn, service, sourceArn, needs }: Duty, role: Role | undefined): string[] {
  if (!role) return [`${what}: the role ${roleArn} is not in the templates`];
  const context = { 'aws:sourceaccount': [accountId], ...(sourceArn && { 'aws:sourcearn': [sourceArn] }) };
  const trust = trusts(role.trust, service, context)
    ? []
    : [`${what}: the role ${role.name} cannot be assumed by ${service}`];
  const lacking = needs.filter((need) => decide(role.statements, need) !== 'allowed');
  return [
    ...trust,
    ...lacking.map(
      ({ action, resource }) => `${what}: the role ${role.name} does not allow ${action} on ${resource}`,
    ),
  ];
}

const on = (resource: string, ...actions: string[]): AccessRequest[] =>
  actions.map((action) => ({ action, resource }));

const functions = (resources: readonly Resource[]): Duty[] =>
  ofType(resources, 'AWS::Lambda::Function').map(({ ref, properties }) => ({
    what: ref,
    roleArn: properties.Role,
    service: 'lambda.amazonaws.com',
    needs: [],
  }));

/** Lambda polls with the role of the function, and refuses to make a mapping whose role lacks one of these. */
function mappings(resources: readonly Resource[]): Duty[] {
  const declared = ofType(resources, 'AWS::Lambda::Function');
  return ofType(resources, 'AWS::Lambda::EventSourceMapping').flatMap(({ logicalId, properties }) => {
    const { FunctionName, EventSourceArn: source, DestinationConfig } = properties;
    const consumer = declared.find(
      ({ ref, attributes }) => ref === FunctionName || attributes['Arn'] === FunctionName,
    );
    if (!consumer) return [];
    const failures = DestinationConfig?.OnFailure.Destination;
    return {
      what: `${logicalId} (${consumer.ref})`,
      roleArn: consumer.properties.Role,
      service: 'lambda.amazonaws.com',
      needs: [
        ...(source.startsWith('arn:aws:sqs:') ? queueNeeds(source) : streamNeeds(source)),
        ...(failures === undefined ? [] : on(failures, 'sqs:SendMessage')),
      ],
    };
  });
}

const queueNeeds = (queue: string) =>
  on(queue, 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes');

const streamNeeds = (stream: string) => [
  ...on(stream, 'dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'),
  ...on('*', 'dynamodb:ListStreams'),
];

const schedules = (resources: readonly Resource[]): Duty[] =>
  ofType(resources, 'AWS::Scheduler::Schedule').map(({ logicalId, properties }) => {
    const { Target, GroupName } = properties;
    return {
      what: logicalId,
      roleArn: Target.RoleArn,
      service: 'scheduler.amazonaws.com',
      sourceArn: arn('scheduler', `schedule-group/${GroupName}`),
      needs: on(Target.Arn, 'lambda:InvokeFunction'),
    };
  });
