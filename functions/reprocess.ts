import { makeClients } from '../shared/aws/clients.ts';
import {
  ControlEnvironment,
  QueueEnvironment,
  readEnvironment,
  SettingsEnvironment,
} from '../shared/lambda/environment.ts';
import { log } from '../shared/lambda/log.ts';
import { reprocess } from '../shared/operations/reprocess.ts';
import { putInForce } from '../shared/service/controls.ts';
import { settingsAndControls } from './wiring/controls.ts';
import { duty } from './wiring/duty.ts';

const environment = readEnvironment({ ...QueueEnvironment, ...SettingsEnvironment, ...ControlEnvironment });
const clients = makeClients();
const enforcer = settingsAndControls(clients, environment);

/** The reprocessing scan's schedule: every quarter of an hour. What a deployment has set back is set again. */
export const handler = duty(reprocess, { clients, environment }, async () => {
  const changed = await putInForce(enforcer);
  if (changed.length > 0) log('put in force again what admins have set', { changed });
});
