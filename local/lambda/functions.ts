import { FaultyTemplate } from '../cannot-start.ts';
import type { DataFolder } from '../data-folder/data-folder.ts';
import type { ServiceEndpoints } from '../endpoints.ts';
import type { Logs } from '../logs.ts';
import type { Children } from '../processes/children.ts';
import { ofType, type Resource } from '../template/resources.ts';
import { uploadCode } from './code.ts';
import { type LambdaFunction, lambdaFunction } from './function.ts';
import { type Caller, Instances, type InvokedBy } from './instances.ts';
import type { InvocationResult } from './messages.ts';

interface Surroundings {
  readonly data: DataFolder;
  readonly endpoints: ServiceEndpoints;
  readonly children: Children;
  readonly logs: Logs;
  /** The program of an instance. */
  readonly bootstrap: string;
}

/** The functions of the template by their ARN, as callers name them. */
export class Functions {
  readonly #functions: ReadonlyMap<string, LambdaFunction>;
  readonly #instances: Instances;

  constructor(resources: readonly Resource[], { data, endpoints, children, logs, bootstrap }: Surroundings) {
    const declared = ofType(resources, 'AWS::Lambda::Function');
    const codeFolderOf = uploadCode(declared, data.folder('code'));
    const functions = declared.map((resource) =>
      lambdaFunction(resource, { codeFolder: codeFolderOf(resource), dataFolder: data.path, endpoints }),
    );
    this.#functions = new Map(functions.map((fn) => [fn.arn, fn]));
    this.#instances = new Instances({
      children,
      bootstrap,
      log: (fn, text) => logs.write(fn.name, text),
      reportBug: (fn, text) => logs.alarm(fn.name, `BUG of the function ${fn.name}: ${text}`),
    });
  }

  /** The function with this ARN or name. */
  get(arnOrName: string): LambdaFunction {
    const byName = () => [...this.#functions.values()].find(({ name }) => name === arnOrName);
    const found = this.#functions.get(arnOrName) ?? byName();
    if (!found)
      throw new FaultyTemplate([`the function ${arnOrName} is named, but it is not in the template`]);
    return found;
  }

  invoke(arn: string, event: string, caller: Caller): Promise<InvocationResult> {
    return this.#instances.invoke(this.get(arn), event, caller);
  }

  hasPlaceFor(fn: LambdaFunction, by: InvokedBy): boolean {
    return this.#instances.hasPlaceFor(fn, by);
  }

  close(): Promise<void> {
    return this.#instances.close();
  }
}
