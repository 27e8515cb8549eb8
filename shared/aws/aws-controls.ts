import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { Control, Controls } from '../service/controls.ts';
import { CLIENT_SETTINGS } from './clients.ts';
import { LaneMapping } from './lane-mapping.ts';
import { PurgeSchedule } from './purge-schedule.ts';

export interface ControlNames {
  readonly purgeSchedule: { readonly group: string; readonly name: string };
  /** The UUIDs of the lanes' event source mappings. */
  readonly mappings: { readonly standard: string; readonly bulk: string };
}

/** The controls at AWS. Their clients are made at the first use: hardly any start of a function comes to it. */
export function awsControls({ purgeSchedule, mappings }: ControlNames): Controls {
  const mapping = (uuid: string) =>
    atFirstUse(() => new LaneMapping(new LambdaClient(CLIENT_SETTINGS), uuid));
  return {
    purge: atFirstUse(() => new PurgeSchedule(new SchedulerClient(CLIENT_SETTINGS), purgeSchedule)),
    concurrency: { standard: mapping(mappings.standard), bulk: mapping(mappings.bulk) },
  };
}

function atFirstUse<T>(make: () => Control<T>): Control<T> {
  let made: Control<T> | undefined;
  const control = () => {
    made ??= make();
    return made;
  };
  return { inForce: () => control().inForce(), set: (value) => control().set(value) };
}
