import type { Stack } from './assembly.ts';
import { accountId, type Endpoints, type Identity, identify, region } from './identities.ts';
import { noValue, resolveIntrinsics, type Scope } from './intrinsics.ts';

/** What the stacks of an assembly export to each other, by name; resolved when it is asked for. */
export type Exports = Map<string, () => unknown>;

/** The names that a template can mention: its parameters, its resources, the pseudo parameters and what others export. */
export class StackScope implements Scope {
  readonly #stack: Stack;
  readonly #endpoints: Endpoints;
  readonly #exports: Exports;
  readonly #identities = new Map<string, Identity | 'being resolved'>();

  constructor(stack: Stack, endpoints: Endpoints, exports: Exports) {
    this.#stack = stack;
    this.#endpoints = endpoints;
    this.#exports = exports;
  }

  /** Lets the stacks that come later import the outputs of this one. */
  exportOutputs(): void {
    for (const { Value, Export } of Object.values(this.#stack.template.Outputs)) {
      if (!Export) continue;
      const name = String(resolveIntrinsics(Export.Name, this));
      if (this.#exports.has(name)) throw new Error(`two stacks export ${name}`);
      this.#exports.set(name, () => resolveIntrinsics(Value, this));
    }
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

  importValue(name: string): unknown {
    const value = this.#exports.get(name);
    if (!value) throw new Error(`no stack before this one exports ${name}`);
    return value();
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
      'AWS::NotificationARNs': [],
      'AWS::NoValue': noValue,
    };
    if (!(name in values)) throw new Error(`the pseudo parameter ${name} is not known here`);
    return values[name];
  }
}
