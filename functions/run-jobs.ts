import { randomUUID } from 'node:crypto';
import { makeClients } from '../shared/aws/clients.ts';
import { systemAlarm } from '../shared/lambda/alarm.ts';
import {
  AssetEnvironment,
  JobEnvironment,
  LaneEnvironment,
  readEnvironment,
  SettingsEnvironment,
  TimerEnvironment,
} from '../shared/lambda/environment.ts';
import { laneHandler } from '../shared/lambda/lane.ts';
import { log } from '../shared/lambda/log.ts';
import { OPERATIONS } from '../shared/operations/registry.ts';
import { hostIds } from '../shared/service/host-ids.ts';
import { settingsStore } from './wiring/settings.ts';
import { assetStores, jobStores } from './wiring/stores.ts';

const environment = readEnvironment({
  ...JobEnvironment,
  ...AssetEnvironment,
  ...LaneEnvironment,
  ...SettingsEnvironment,
  ...TimerEnvironment,
});
const clients = makeClients();
const stores = jobStores(clients, environment);

export const handler = laneHandler({
  clock: Date.now,
  alarm: systemAlarm,
  random: Math.random,
  newId: hostIds(randomUUID().slice(0, 13)),
  log,
  operations: OPERATIONS,
  ...stores,
  repositories: {
    mender: { ...stores, clock: Date.now, operations: OPERATIONS },
    purger: { ...stores, ...settingsStore(clients, environment) },
    ...assetStores(clients, environment),
    // Bundled beside this file: parsers of hostile files run in a thread of their own.
    inspectorScript: new URL('./inspect-file.mjs', import.meta.url),
    crash: () => process.kill(process.pid, 'SIGKILL'),
  },
});
