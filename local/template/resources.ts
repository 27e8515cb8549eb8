import * as z from 'zod';
import { FaultyTemplate } from '../cannot-start.ts';
import type { Stack, TemplateResource } from './assembly.ts';
import type { Endpoints } from './identities.ts';
import { resolveIntrinsics } from './intrinsics.ts';
import { type Properties, passedOverTypes, type ResourceTypeName, resourceTypes } from './resource-types.ts';
import { type Exports, StackScope } from './stack-scope.ts';

/** A resource of a type that is run here, its intrinsics resolved and its properties checked. */
export interface Resource<T extends ResourceTypeName = ResourceTypeName> {
  readonly type: T;
  readonly logicalId: string;
  readonly stack: Stack;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Properties<T>;
}

/**
 * Resolves the stacks of an assembly, each after those it imports from. Everything that cannot be run here is reported at
 * once, by template, logical id and property.
 */
export function readResources(stacks: readonly Stack[], endpoints: Endpoints): Resource[] {
  const exports: Exports = new Map();
  const faults: string[] = [];
  const resources = stacks.flatMap((stack) => {
    const scope = new StackScope(stack, endpoints, exports);
    scope.exportOutputs();
    return readStack(stack, scope, faults);
  });
  if (faults.length > 0) throw new FaultyTemplate(faults);
  return resources;
}

function readStack(stack: Stack, scope: StackScope, faults: string[]): Resource[] {
  return Object.entries(stack.template.Resources).flatMap(([logicalId, resource]) => {
    try {
      return readResource(stack, logicalId, resource, scope);
    } catch (error) {
      faults.push(`${stack.templateFile}: ${logicalId} (${resource.Type}): ${faultOf(error)}`);
      return [];
    }
  });
}

export function ofType<T extends ResourceTypeName>(resources: readonly Resource[], type: T): Resource<T>[] {
  return resources.filter((resource): resource is Resource<T> => resource.type === type);
}

function readResource(
  stack: Stack,
  logicalId: string,
  resource: TemplateResource,
  scope: StackScope,
): Resource[] {
  if (resource.Type in passedOverTypes) return [];
  if (!isRun(resource.Type))
    throw new Error('this resource type is not known to local/template/resource-types.ts');
  if (resource.Condition) throw new Error(`conditions are not supported here, found ${resource.Condition}`);
  const identity = scope.identityOf(logicalId);
  const resolved = resolveIntrinsics(resource.Properties, scope);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema was picked by the type
  const properties = resourceTypes[resource.Type].parse(resolved) as Properties<ResourceTypeName>;
  return [{ type: resource.Type, logicalId, stack, ...identity, properties }];
}

const isRun = (type: string): type is ResourceTypeName => type in resourceTypes;

function faultOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return error instanceof Error ? error.message : String(error);
  return error.issues.map(describeIssue).join('; ');
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const place = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => (place ? `${place}.${key}` : key)).join(', ');
    return `property ${keys} is neither honoured nor passed over by local/template/resource-types.ts`;
  }
  return `property ${place}: ${issue.message}`;
}
