import { v7 } from 'uuid';
import { makeClients } from '../../shared/aws/clients.ts';
import { sequenceMaker } from '../../shared/job/sequence.ts';
import {
  AssetEnvironment,
  JobEnvironment,
  LaneEnvironment,
  readEnvironment,
} from '../../shared/lambda/environment.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import { OPERATIONS } from '../../shared/operations/registry.ts';
import { assetStores, jobStores } from '../wiring/stores.ts';
import { assetRoutes } from './assets.ts';
import { jobRoutes } from './jobs.ts';
import { newJobRoutes } from './new-jobs.ts';
import { operationRoutes } from './operations.ts';

const environment = readEnvironment({ ...JobEnvironment, ...AssetEnvironment, ...LaneEnvironment });
const clients = makeClients();
const service = {
  clock: Date.now,
  newId: () => v7(),
  nextSequence: sequenceMaker(Date.now, Math.random),
  operations: OPERATIONS,
  ...jobStores(clients, environment),
  ...assetStores(clients, environment),
};

export const handler = httpHandler([
  ...newJobRoutes(service),
  ...jobRoutes(service),
  ...operationRoutes(service),
  ...assetRoutes(service),
]);
