import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../clock.ts';
import type { DataFolder } from '../data-folder/data-folder.ts';
import { Deployed } from '../data-folder/deployed.ts';
import type { Functions } from '../lambda/functions.ts';
import type { Logs } from '../logs.ts';
import { startQueuePoller } from '../queue/start-queue-poller.ts';
import { startStreamPoller } from '../streams/start-stream-poller.ts';
import type { Resource } from '../template/resources.ts';
import {
  declaredMappings,
  isOfQueue,
  type Mapping,
  type MappingProperties,
  mappingSchema,
} from './mapping.ts';

export interface MappingSurroundings {
  readonly resources: readonly Resource[];
  readonly data: DataFolder;
  readonly sqs: SQSClient;
  /** Where the streams of the tables are read. */
  readonly dynamodb: string;
  readonly functions: Functions;
  readonly logs: Logs;
  readonly clock: Clock;
}

/** What takes from a source and hands over to a function. */
export interface Poller {
  /** Nothing new is handed over; resolves when nothing more is taken. */
  /** Resolves when nothing new begins. */
  stop(): Promise<void>;
  /** Resolves when what was handed over is done. */
  drained(): Promise<void>;
}

/** The event source mappings: started from the template, changed by calls, which is effective at once. */
export class EventSourceMappings {
  readonly #mappings: Deployed<Mapping, MappingProperties>;
  readonly #pollers: readonly Poller[];

  private constructor(mappings: Deployed<Mapping, MappingProperties>, pollers: readonly Poller[]) {
    this.#mappings = mappings;
    this.#pollers = pollers;
  }

  static async start(around: MappingSurroundings): Promise<EventSourceMappings> {
    const { data, resources, clock } = around;
    const mappings = new Deployed(data.file('event-source-mappings.json'), {
      declared: declaredMappings(resources),
      make: (properties): Mapping => ({ properties, lastModified: clock.now() / 1000 }),
      schema: mappingSchema,
    });
    const pollers = await Promise.all(
      [...mappings.all].map(async ([uuid, mapping]): Promise<Poller> => {
        const now = () => (mappings.get(uuid) ?? mapping).properties;
        return isOfQueue(mapping.properties)
          ? startQueuePoller(now, around)
          : startStreamPoller(uuid, now, around);
      }),
    );
    return new EventSourceMappings(mappings, pollers);
  }

  get all(): ReadonlyMap<string, Mapping> {
    return this.#mappings.all;
  }

  change(uuid: string, mapping: Mapping): void {
    this.#mappings.put(uuid, mapping);
  }

  /** No new batches; gives the running ones a moment to finish. */
  async stop(graceMs: number): Promise<void> {
    await Promise.all(this.#pollers.map((poller) => poller.stop()));
    const { promise: graceIsOver, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, graceMs).unref();
    await Promise.race([this.drained(), graceIsOver]);
  }

  /** Resolves when no batch is running any more. */
  async drained(): Promise<void> {
    await Promise.all(this.#pollers.map((poller) => poller.drained()));
  }
}
