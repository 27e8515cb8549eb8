import { httpHandler } from '../../shared/lambda/http.ts';
import { apiService } from '../wiring/api-service.ts';
import { routesAboutJobs } from './about-jobs.ts';
import { assetRoutes } from './assets.ts';
import { callbackRoutes } from './callbacks.ts';
import { deliveryRoutes } from './deliveries.ts';
import { notificationRoutes } from './notifications.ts';
import { operationRoutes } from './operations.ts';
import { seriesRoutes } from './series.ts';
import { seriesVerbRoutes } from './series-verbs.ts';
import { settingsRoutes } from './settings.ts';
import { upkeepRoutes } from './upkeep.ts';

const service = apiService();

/** The API: every route. */
export const handler = httpHandler([
  ...routesAboutJobs(service),
  ...callbackRoutes(service),
  ...operationRoutes(service),
  ...assetRoutes(service),
  ...upkeepRoutes(service),
  ...settingsRoutes(service),
  ...seriesRoutes(service),
  ...seriesVerbRoutes(service),
  ...notificationRoutes(service),
  ...deliveryRoutes(service),
]);
