import { randomUUID } from 'node:crypto';
import { makeClients } from '../shared/aws/clients.ts';
import { sqsTimers } from '../shared/aws/sqs-doorbell.ts';
import {
  AssetEnvironment,
  JobEnvironment,
  LaneEnvironment,
  readEnvironment,
  TimerEnvironment,
} from '../shared/lambda/environment.ts';
import { laneHandler } from '../shared/lambda/lane.ts';
import { log } from '../shared/lambda/log.ts';
import { OPERATIONS } from '../shared/operations/registry.ts';
import { assetStores, jobStores } from './wiring/stores.ts';

const environment = readEnvironment({
  ...JobEnvironment,
  ...AssetEnvironment,
  ...LaneEnvironment,
  ...TimerEnvironment,
});
const clients = makeClients();
const stores = jobStores(clients, environment);

export const handler = laneHandler({
  clock: Date.now,
  newId: randomUUID,
  log,
  operations: OPERATIONS,
  ...stores,
  timers: sqsTimers(clients.queues, environment.TIMER_QUEUE_URL, Date.now),
  repositories: {
    jobs: stores.jobs,
    doorbell: stores.doorbell,
    ...assetStores(clients, environment),
    // Bundled beside this file: parsers of hostile files run in a thread of their own.
    inspectorScript: new URL('./inspect-file.mjs', import.meta.url),
  },
});
