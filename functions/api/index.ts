import { makeClients } from '../../shared/aws/clients.ts';
import {
  ControlEnvironment,
  NotificationEnvironment,
  ResendEnvironment,
  readEnvironment,
  WorkEnvironment,
} from '../../shared/lambda/environment.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import { assetStores } from '../wiring/asset-stores.ts';
import { settingsAndControls } from '../wiring/controls.ts';
import { jobCreator } from '../wiring/creator.ts';
import { laneLoad } from '../wiring/lane-load.ts';
import { notificationStores } from '../wiring/notifications.ts';
import { resender } from '../wiring/resend.ts';
import { assetRoutes } from './assets.ts';
import { bulkRoutes } from './bulk.ts';
import { callbackRoutes } from './callbacks.ts';
import { explainRoutes } from './explain.ts';
import { jobBatchRoutes } from './job-batches.ts';
import { jobInputRoutes } from './job-inputs.ts';
import { jobItemRoutes } from './job-items.ts';
import { jobRoutes } from './jobs.ts';
import { jobExportRoutes } from './jobs-csv.ts';
import { logRoutes } from './logs.ts';
import { newJobRoutes } from './new-jobs.ts';
import { notificationRoutes } from './notifications.ts';
import { operationRoutes } from './operations.ts';
import { remembering } from './remembering.ts';
import { seriesRoutes } from './series.ts';
import { seriesVerbRoutes } from './series-verbs.ts';
import { settingsRoutes } from './settings.ts';
import { upkeepRoutes } from './upkeep.ts';
import { verbRoutes } from './verbs.ts';

const environment = readEnvironment({
  ...WorkEnvironment,
  ...ControlEnvironment,
  ...NotificationEnvironment,
  ...ResendEnvironment,
});
const clients = makeClients();
const service = {
  ...jobCreator(clients, environment),
  ...assetStores(clients, environment),
  ...settingsAndControls(clients, environment),
  ...laneLoad(clients, environment),
  ...notificationStores(clients, environment),
  ...resender(environment),
};

const remember = remembering(service);

export const handler = httpHandler([
  // Before the verbs of one job: "bulk" is no job id.
  ...remember(newJobRoutes(service)),
  ...remember(bulkRoutes(service)),
  ...remember(jobBatchRoutes(service)),
  ...jobInputRoutes(service),
  ...jobRoutes(service),
  ...jobExportRoutes(service),
  ...logRoutes(service),
  ...verbRoutes(service),
  ...explainRoutes(service),
  ...jobItemRoutes(service),
  ...callbackRoutes(service),
  ...operationRoutes(service),
  ...assetRoutes(service),
  ...upkeepRoutes(service),
  ...settingsRoutes(service),
  ...seriesRoutes(service),
  ...seriesVerbRoutes(service),
  ...notificationRoutes(service),
]);
