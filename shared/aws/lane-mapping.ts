import {
  GetEventSourceMappingCommand,
  type LambdaClient,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { Control } from '../service/controls.ts';

/** How many invocations the event source mapping of a lane's queue starts at once. */
export class LaneMapping implements Control<number> {
  readonly #client: LambdaClient;
  readonly #uuid: string;

  constructor(client: LambdaClient, uuid: string) {
    this.#client = client;
    this.#uuid = uuid;
  }

  async inForce(): Promise<number | undefined> {
    const { ScalingConfig } = await this.#client.send(new GetEventSourceMappingCommand({ UUID: this.#uuid }));
    return ScalingConfig?.MaximumConcurrency;
  }

  async set(MaximumConcurrency: number): Promise<void> {
    const change = { UUID: this.#uuid, ScalingConfig: { MaximumConcurrency } };
    await this.#client.send(new UpdateEventSourceMappingCommand(change));
  }
}
