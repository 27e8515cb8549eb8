import { randomBytes, randomUUID } from 'node:crypto';
import { makeClients } from '../shared/aws/clients.ts';
import { systemAlarm } from '../shared/lambda/alarm.ts';
import {
  FunctionEnvironment,
  ResendEnvironment,
  readEnvironment,
  WorkEnvironment,
} from '../shared/lambda/environment.ts';
import { laneHandler } from '../shared/lambda/lane.ts';
import { OPERATIONS } from '../shared/operations/registry.ts';
import { hostIds } from '../shared/service/host-ids.ts';
import { jobCreator } from './wiring/creator.ts';
import { repositories } from './wiring/repositories.ts';
import { settingsStore } from './wiring/settings.ts';

const environment = readEnvironment({ ...WorkEnvironment, ...FunctionEnvironment, ...ResendEnvironment });
const clients = makeClients();
const creator = jobCreator(clients, environment);
const inspectorScript = new URL('./inspect-file.mjs', import.meta.url);

/** The consumer of a lane: runs the jobs that it is rung for. */
export const handler = laneHandler({
  ...creator,
  alarm: systemAlarm,
  newId: hostIds(randomUUID().slice(0, 13)),
  newSecret: () => randomBytes(32).toString('base64url'),
  operations: OPERATIONS,
  maxLogLines: settingsStore(clients, environment).maxLogLines,
  repositories: repositories(environment, { clients, creator, inspectorScript }),
});
