import * as z from 'zod';
import { arn } from '../template/identities.ts';
import { type Properties, resourceTypes } from '../template/resource-types.ts';
import { ofType, type Resource } from '../template/resources.ts';

export type MappingProperties = Omit<Properties<'AWS::Lambda::EventSourceMapping'>, 'Tags'>;

/** An event source mapping as it is now: declared by the template, perhaps changed by a call. */
export const mappingSchema = z.object({
  properties: resourceTypes['AWS::Lambda::EventSourceMapping'],
  /** In seconds since 1970. */
  lastModified: z.number(),
});

export type Mapping = z.output<typeof mappingSchema>;

/** By the UUID that the API knows them by. */
export function declaredMappings(resources: readonly Resource[]): Record<string, MappingProperties> {
  return Object.fromEntries(
    ofType(resources, 'AWS::Lambda::EventSourceMapping').map(
      ({ ref, properties: { Tags: _tags, ...properties } }) => [ref, properties],
    ),
  );
}

export const isOfQueue = ({ EventSourceArn }: MappingProperties) => EventSourceArn.startsWith('arn:aws:sqs:');

export const mappingArn = (uuid: string) => arn('lambda', `event-source-mapping:${uuid}`);
