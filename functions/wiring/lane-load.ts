import type { Clients } from '../../shared/aws/clients.ts';
import { sqsLaneLoad } from '../../shared/aws/sqs-lane-load.ts';
import {
  type ControlEnvironment,
  deployedOf,
  type LaneEnvironment,
  laneQueuesOf,
  type Read,
  type SettingsEnvironment,
} from '../../shared/lambda/environment.ts';
import { concurrencyOf } from '../../shared/service/controls.ts';
import { settingsNow } from '../../shared/service/settings.ts';
import { settingsStore } from './settings.ts';

type Lanes = Read<typeof LaneEnvironment & typeof SettingsEnvironment & typeof ControlEnvironment>;

/** How busy the lanes are, and how many invocations they may have: as admins have set it, or as deployed. */
export function laneLoad(clients: Pick<Clients, 'queues' | 'tables'>, environment: Lanes) {
  const { settings } = settingsStore(clients, environment);
  const limits = async () => concurrencyOf((await settingsNow(settings)).values, deployedOf(environment));
  return { laneLoad: sqsLaneLoad(clients.queues, laneQueuesOf(environment), limits) };
}
