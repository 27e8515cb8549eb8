import type { Control, Controls, Deployed, PurgeTimes } from '../../../shared/service/controls.ts';

/** A control in memory; passes the same contract suite as those of AWS. Notes what it was set to. */
export class MemoryControl<T> implements Control<T> {
  readonly settings: T[] = [];
  #value: T;
  #fault: Error | undefined;

  constructor(value: T) {
    this.#value = value;
  }

  async inForce(): Promise<T> {
    return this.#value;
  }

  async set(value: T): Promise<void> {
    if (this.#fault) throw this.#fault;
    this.settings.push(value);
    this.#value = value;
  }

  /** Somebody else sets it: a deployment. */
  deploy(value: T): void {
    this.#value = value;
  }

  /** From now on it refuses to be set, or no longer. */
  refuse(fault: Error | undefined): void {
    this.#fault = fault;
  }
}

export const DEPLOYED: Deployed = {
  purge: { expression: 'cron(0 1 * * ? *)', timeZone: 'UTC' },
  concurrency: { standard: 100, bulk: 50 },
};

/** As the deployment has left them. */
export const memoryControls = () =>
  ({
    purge: new MemoryControl<PurgeTimes>(DEPLOYED.purge),
    concurrency: {
      standard: new MemoryControl(DEPLOYED.concurrency.standard),
      bulk: new MemoryControl(DEPLOYED.concurrency.bulk),
    },
  }) satisfies Controls;
