import type { Logs } from '../logs.ts';
import type { Caller, Denial } from './guard.ts';
import type { Wanted } from './needs/need.ts';

export type LogWriter = Pick<Logs, 'write' | 'alarm'>;

/** Writes down what was refused, for somebody to repair, and what was used, so that what never is can be found. Each once. */
export class Witness {
  readonly #logs: LogWriter;
  readonly #seen = new Set<string>();

  constructor(logs: LogWriter) {
    this.#logs = logs;
  }

  refused({ name }: Caller, { action, resource, message }: Denial): void {
    const isNew = this.#isNew(`${name} was refused ${action} on ${folderOf(resource)}`);
    if (isNew) this.#logs.alarm('iam', `AccessDenied: ${name}: ${action} on ${resource}. ${message}`);
  }

  allowed({ name }: Caller, { needs = [] }: Wanted): void {
    for (const { action, resources } of needs) {
      const use = `${name} used ${action} on ${folderOf(resources[0])}`;
      if (this.#isNew(use)) this.#logs.write('iam', `${use}\n`);
    }
  }

  #isNew(line: string): boolean {
    const isNew = !this.#seen.has(line);
    this.#seen.add(line);
    return isNew;
  }
}

/** Objects of a bucket are countless: one line for each of its first folders is enough. */
const folderOf = (resource: string) => resource.replace(/^(arn:aws:s3:::[^/]+\/(?:[^/]+\/)?).*$/, '$1*');
