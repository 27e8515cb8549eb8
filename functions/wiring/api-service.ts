import { makeClients } from '../../shared/aws/clients.ts';
import {
  ControlEnvironment,
  NotificationEnvironment,
  ResendEnvironment,
  readEnvironment,
  WorkEnvironment,
} from '../../shared/lambda/environment.ts';
import { assetStores } from './asset-stores.ts';
import { settingsAndControls } from './controls.ts';
import { jobCreator } from './creator.ts';
import { laneLoad } from './lane-load.ts';
import { notificationStores } from './notifications.ts';
import { resender } from './resend.ts';

/** All that the routes of the API work with. */
export function apiService() {
  const environment = readEnvironment({
    ...WorkEnvironment,
    ...ControlEnvironment,
    ...NotificationEnvironment,
    ...ResendEnvironment,
  });
  const clients = makeClients();
  return {
    ...jobCreator(clients, environment),
    ...assetStores(clients, environment),
    ...settingsAndControls(clients, environment),
    ...laneLoad(clients, environment),
    ...notificationStores(clients, environment),
    ...resender(environment),
  };
}

export type ApiService = ReturnType<typeof apiService>;
