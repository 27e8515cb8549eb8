import type { Clients } from '../../shared/aws/clients.ts';
import { outlets } from '../../shared/aws/outlets.ts';
import type {
  MailEnvironment,
  NotificationEnvironment,
  Read,
  SettingsEnvironment,
} from '../../shared/lambda/environment.ts';
import { log } from '../../shared/lambda/log.ts';
import { OPERATIONS } from '../../shared/operations/registry.ts';
import { notificationStores } from './notifications.ts';
import { settingsStore } from './settings.ts';

type Told = Read<typeof NotificationEnvironment & typeof SettingsEnvironment & typeof MailEnvironment>;

/** All that it takes to tell what became of jobs, by every channel. */
export const jobTeller = (clients: Pick<Clients, 'tables'>, environment: Told) => ({
  ...notificationStores(clients, environment),
  ...settingsStore(clients, environment),
  outlets: outlets(environment.MAIL_FROM),
  operations: OPERATIONS,
  clock: Date.now,
  log,
});
