import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Api } from './api.ts';
import type { Doorbells } from './doorbells.ts';
import type { Lane } from './lane.ts';
import type { Notifications } from './notifications.ts';
import type { LaneName, Stage } from './stage.ts';
import type { Storage } from './storage.ts';
import type { Timers } from './timers.ts';
import type { Upkeep } from './upkeep.ts';

/** All parts of a running stage: what alarms and the dashboard look at. */
export interface Parts {
  readonly stage: Stage;
  readonly storage: Storage;
  readonly doorbells: Doorbells;
  readonly lanes: Readonly<Record<LaneName, Lane>>;
  readonly timers: Timers;
  readonly upkeep: Upkeep;
  readonly notifications: Notifications;
  readonly api: Api;
  /** Cognito's trigger, which lies in another stack; a foreign issuer has none. */
  readonly tokenTrigger?: IFunction;
}

export const functionsOf = ({
  lanes,
  timers,
  upkeep,
  notifications,
  api,
  tokenTrigger,
}: Parts): Record<string, IFunction> => ({
  api: api.function,
  'run-jobs-standard': lanes.standard.consumer,
  'run-jobs-bulk': lanes.bulk.consumer,
  'ring-again-standard': lanes.standard.ringAgain,
  'ring-again-bulk': lanes.bulk.ringAgain,
  'wake-jobs': timers.consumer,
  reprocess: upkeep.reprocess,
  purge: upkeep.purge,
  'follow-stream': notifications.followStream,
  ...(tokenTrigger !== undefined && { 'add-name-to-token': tokenTrigger }),
});
