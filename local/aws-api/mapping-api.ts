import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { type Mapping, mappingArn } from '../mappings/mapping.ts';
import type { EventSourceMappings } from '../mappings/mappings.ts';
import { arn } from '../template/identities.ts';
import { ApiError, type ApiRequest, json, type Operation, parseBody } from './operation.ts';

interface Surroundings {
  readonly mappings: EventSourceMappings;
  readonly clock: Clock;
}

const change = z.strictObject({
  FunctionName: z.unknown().optional(),
  Enabled: z.boolean().optional(),
  BatchSize: z.number().int().min(1).optional(),
  /** An empty one takes the limit away. */
  ScalingConfig: z
    .strictObject({ MaximumConcurrency: z.number().int().min(2).max(1000).optional() })
    .optional(),
});

type Change = z.output<typeof change>;

/** What Lambda's API says of event source mappings. A change is effective at once. */
export function mappingApi({ mappings, clock }: Surroundings): Operation[] {
  const existing = (uuid: string): Mapping => {
    const mapping = mappings.all.get(uuid);
    if (mapping) return mapping;
    throw new ApiError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  };

  return [
    {
      name: 'GetEventSourceMapping',
      route: 'GET /2015-03-31/event-source-mappings/{UUID}',
      run: (request) => json(describe(uuidOf(request), existing(uuidOf(request)))),
    },
    {
      name: 'ListEventSourceMappings',
      route: 'GET /2015-03-31/event-source-mappings',
      run: ({ query }) => {
        const all = [...mappings.all].map(([uuid, mapping]) => describe(uuid, mapping));
        return json({ EventSourceMappings: all.filter(asked(query)) });
      },
    },
    {
      name: 'UpdateEventSourceMapping',
      route: 'PUT /2015-03-31/event-source-mappings/{UUID}',
      run: (request) => {
        const uuid = uuidOf(request);
        const { properties } = existing(uuid);
        const given = parseBody(change, request, 'InvalidParameterValueException');
        const mapping = { properties: changed(properties, given), lastModified: clock.now() / 1000 };
        mappings.change(uuid, mapping);
        return json(describe(uuid, mapping), 202);
      },
    },
  ];
}

const uuidOf = ({ parameters }: ApiRequest) => parameters['UUID'] ?? '';

function changed(properties: Mapping['properties'], { Enabled, BatchSize, ScalingConfig }: Change) {
  const isQueue = properties.EventSourceArn.startsWith('arn:aws:sqs:');
  if (!isQueue && (BatchSize !== undefined || ScalingConfig !== undefined))
    throw new ApiError('InvalidParameterValueException', 'of a stream only Enabled can be changed here');
  const { ScalingConfig: before, ...others } = properties;
  const MaximumConcurrency = ScalingConfig ? ScalingConfig.MaximumConcurrency : before?.MaximumConcurrency;
  return {
    ...others,
    ...(Enabled !== undefined && { Enabled }),
    ...(BatchSize !== undefined && { BatchSize: Math.min(BatchSize, 10) }),
    ...(MaximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency } }),
  };
}

function describe(uuid: string, { properties, lastModified }: Mapping) {
  const { FunctionName, Enabled, ...settings } = properties;
  const defaultBatchSize = properties.EventSourceArn.startsWith('arn:aws:sqs:') ? 10 : 100;
  return {
    BatchSize: defaultBatchSize,
    ...settings,
    UUID: uuid,
    EventSourceMappingArn: mappingArn(uuid),
    FunctionArn: functionArn(FunctionName),
    State: Enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'USER_INITIATED',
    LastModified: lastModified,
  };
}

const functionArn = (nameOrArn: string) =>
  nameOrArn.startsWith('arn:') ? nameOrArn : arn('lambda', `function:${nameOrArn}`);

const asked = (query: URLSearchParams) => (mapping: ReturnType<typeof describe>) => {
  const source = query.get('EventSourceArn');
  const fn = query.get('FunctionName');
  return (
    (source === null || mapping.EventSourceArn === source) &&
    (fn === null || mapping.FunctionArn === functionArn(fn))
  );
};
