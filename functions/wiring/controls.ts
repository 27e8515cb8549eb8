import { awsControls } from '../../shared/aws/aws-controls.ts';
import type { Clients } from '../../shared/aws/clients.ts';
import {
  type ControlEnvironment,
  controlNamesOf,
  deployedOf,
  type Read,
  type SettingsEnvironment,
} from '../../shared/lambda/environment.ts';
import { settingsStore } from './settings.ts';

/** What admins have set, and what it is about: the purge's schedule and the mappings of the lanes. */
export const settingsAndControls = (
  clients: Pick<Clients, 'tables'>,
  environment: Read<typeof SettingsEnvironment & typeof ControlEnvironment>,
) => ({
  ...settingsStore(clients, environment),
  controls: awsControls(controlNamesOf(environment)),
  deployed: deployedOf(environment),
});
