import { setTimeout } from 'node:timers/promises';
import { v5, v7 } from 'uuid';
import type { Clients } from '../../shared/aws/clients.ts';
import { sequenceMaker } from '../../shared/job/sequence.ts';
import type { QueueEnvironment, Read, SeriesEnvironment } from '../../shared/lambda/environment.ts';
import { log } from '../../shared/lambda/log.ts';
import { OPERATIONS } from '../../shared/operations/registry.ts';
import { jobStores } from './job-stores.ts';
import { seriesStore } from './series-store.ts';

/** All that it takes to create jobs and look at them. */
export const jobCreator = (
  clients: Clients,
  environment: Read<typeof QueueEnvironment & typeof SeriesEnvironment>,
) => ({
  clock: Date.now,
  sleep: (ms: number) => setTimeout(ms),
  random: Math.random,
  log,
  newId: () => v7(),
  idOf: (name: string) => v5(name, v5.URL),
  nextSequence: sequenceMaker(Date.now, Math.random),
  operations: OPERATIONS,
  ...jobStores(clients, environment),
  ...seriesStore(clients, environment),
});
