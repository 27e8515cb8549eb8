import * as z from 'zod';
import { arn } from '../../template/identities.ts';
import { dynamoDbNeeds } from './dynamodb.ts';
import { lambdaOperations } from './lambda.ts';
import { type Need, need, type ServiceRequest, type Wanted } from './need.ts';
import { restWanted } from './rest.ts';
import { s3Wanted } from './s3.ts';
import { schedulerOperations } from './scheduler.ts';
import { sesWanted } from './ses.ts';
import { sqsNeeds } from './sqs.ts';

type TargetNeeds = (operation: string, input: unknown) => Need[] | undefined;

const services: Readonly<Record<string, (request: ServiceRequest) => Wanted>> = {
  dynamodb: (request) => targetWanted(request, dynamoDbNeeds),
  sqs: (request) => targetWanted(request, sqsNeeds),
  events: (request) => targetWanted(request, eventsNeeds),
  s3: s3Wanted,
  ses: sesWanted,
  lambda: (request) => restWanted(lambdaOperations, request),
  scheduler: (request) => restWanted(schedulerOperations, request),
};

/** Which permissions a request needs. What cannot be read or is not known here has none that could be checked. */
export function wantedBy(request: ServiceRequest): Wanted {
  const unknown = { operation: `${request.method} ${request.path}`, needs: undefined };
  try {
    return services[request.service]?.(request) ?? unknown;
  } catch (error) {
    return { ...unknown, operation: `${nameOf(request) ?? unknown.operation} (${reason(error)})` };
  }
}

/** `X-Amz-Target: DynamoDB_20120810.GetItem` names the operation; the body is its input. */
function targetWanted(request: ServiceRequest, needsOf: TargetNeeds): Wanted {
  const operation = nameOf(request) ?? 'an operation without a name';
  return { operation, needs: needsOf(operation, JSON.parse(request.body)) };
}

function nameOf({ headers }: ServiceRequest): string | undefined {
  const target = headers['x-amz-target'];
  return typeof target === 'string' ? target.split('.').at(-1) : undefined;
}

const putEvents = z.looseObject({
  Entries: z.array(z.looseObject({ EventBusName: z.string().default('default') })),
});

function eventsNeeds(operation: string, input: unknown): Need[] | undefined {
  if (operation !== 'PutEvents') return undefined;
  const buses = new Set(putEvents.parse(input).Entries.map(({ EventBusName }) => EventBusName));
  return [...buses].map((bus) =>
    need('events:PutEvents', bus.startsWith('arn:') ? bus : arn('events', `event-bus/${bus}`)),
  );
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
