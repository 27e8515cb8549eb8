import * as z from 'zod';
import { FaultyTemplate } from '../cannot-start.ts';
import type { Stack, TemplateResource } from './assembly.ts';
import { accountId, type Endpoints, type Identity, identify, region } from './identities.ts';
import { noValue, resolveIntrinsics, type Scope } from './intrinsics.ts';
import { type Properties, passedOverTypes, type ResourceTypeName, resourceTypes } from './resource-types.ts';

/** A resource of a type that is run here, its intrinsics resolved and its properties checked. */
export interface Resource<T extends ResourceTypeName = ResourceTypeName> {
  readonly type: T;
  readonly logicalId: string;
  readonly stack: Stack;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Properties<T>;
}

/** Resolves a whole stack. Everything that cannot be run here is reported at once, by template, logical id and property. */
export function readResources(stack: Stack, endpoints: Endpoints): Resource[] {
  const scope = new StackScope(stack, endpoints);
  const faults: string[] = [];
  const resources = Object.entries(stack.template.Resources).flatMap(([logicalId, resource]) => {
    try {
      return readResource(stack, logicalId, resource, scope);
    } catch (error) {
      faults.push(`${stack.templateFile}: ${logicalId} (${resource.Type}): ${faultOf(error)}`);
      return [];
    }
  });
  if (faults.length > 0) throw new FaultyTemplate(faults);
  return resources;
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

/** The names that a template of this stack can mention: its parameters, its resources and the pseudo parameters. */
class StackScope implements Scope {
  readonly #stack: Stack;
  readonly #endpoints: Endpoints;
  readonly #identities = new Map<string, Identity | 'being resolved'>();

  constructor(stack: Stack, endpoints: Endpoints) {
    this.#stack = stack;
    this.#endpoints = endpoints;
  }

  ref(name: string): unknown {
    if (name.startsWith('AWS::')) return this.#pseudoParameter(name);
    const parameter = this.#stack.template.Parameters[name];
    if (!parameter) return this.identityOf(name).ref;
    if (parameter.Default === undefined) throw new Error(`the parameter ${name} has no default`);
    return parameter.Default;
  }

  getAtt(logicalId: string, attribute: string): string {
    const value = this.identityOf(logicalId).attributes[attribute];
    if (value === undefined) throw new Error(`the attribute ${logicalId}.${attribute} is not known here`);
    return value;
  }

  identityOf(logicalId: string): Identity {
    const known = this.#identities.get(logicalId);
    if (known === 'being resolved') throw new Error(`the name of ${logicalId} depends on itself`);
    if (known) return known;
    const resource = this.#stack.template.Resources[logicalId];
    if (!resource) throw new Error(`the template has no resource or parameter ${logicalId}`);
    this.#identities.set(logicalId, 'being resolved');
    const identity = identify(
      {
        type: resource.Type,
        stack: this.#stack.name,
        logicalId,
        property: (name) => resolveIntrinsics(resource.Properties[name], this),
      },
      this.#endpoints,
    );
    this.#identities.set(logicalId, identity);
    return identity;
  }

  #pseudoParameter(name: string): unknown {
    const values: Record<string, unknown> = {
      'AWS::Region': region,
      'AWS::AccountId': accountId,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': this.#stack.name,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${this.#stack.name}/local`,
      'AWS::NoValue': noValue,
    };
    if (!(name in values)) throw new Error(`the pseudo parameter ${name} is not known here`);
    return values[name];
  }
}
