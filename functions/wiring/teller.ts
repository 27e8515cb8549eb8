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
import { hourlyLimit } from '../../shared/service/notifications/hourly-limit.ts';
import { notificationStores } from './notifications.ts';
import { settingsStore } from './settings.ts';

type Told = Read<typeof NotificationEnvironment & typeof SettingsEnvironment & typeof MailEnvironment>;

/** All that it takes to tell what became of jobs, by every channel. */
export function jobTeller(clients: Pick<Clients, 'tables'>, environment: Told) {
  const stores = notificationStores(clients, environment);
  return {
    ...stores,
    ...settingsStore(clients, environment),
    isTooMany: hourlyLimit(stores.inbox),
    outlets: outlets(environment.MAIL_FROM),
    operations: OPERATIONS,
    clock: Date.now,
    log,
  };
}
