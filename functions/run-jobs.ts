import { randomUUID } from 'node:crypto';
import { makeClients } from '../shared/aws/clients.ts';
import { systemAlarm } from '../shared/lambda/alarm.ts';
import { readEnvironment, WorkEnvironment } from '../shared/lambda/environment.ts';
import { laneHandler } from '../shared/lambda/lane.ts';
import { log } from '../shared/lambda/log.ts';
import { OPERATIONS } from '../shared/operations/registry.ts';
import { hostIds } from '../shared/service/host-ids.ts';
import { jobStores } from './wiring/job-stores.ts';
import { repositories } from './wiring/repositories.ts';

const environment = readEnvironment(WorkEnvironment);
const clients = makeClients();
const stores = jobStores(clients, environment);
const inspectorScript = new URL('./inspect-file.mjs', import.meta.url);

/** The consumer of a lane: runs the jobs that it is rung for. */
export const handler = laneHandler({
  clock: Date.now,
  alarm: systemAlarm,
  random: Math.random,
  newId: hostIds(randomUUID().slice(0, 13)),
  log,
  operations: OPERATIONS,
  ...stores,
  repositories: repositories(environment, { clients, stores, inspectorScript }),
});
