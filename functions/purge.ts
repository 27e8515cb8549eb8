import { platformCreator } from '../shared/aws/platform-creator.ts';
import {
  JobEnvironment,
  jobTablesOf,
  LaneEnvironment,
  laneQueuesOf,
  readEnvironment,
} from '../shared/lambda/environment.ts';
import { scheduleHandler } from '../shared/lambda/upkeep.ts';
import { purge } from '../shared/operations/purge.ts';

const environment = readEnvironment({ ...JobEnvironment, ...LaneEnvironment });

/** The purge's schedule: every day at 1 AM. */
export const handler = scheduleHandler(
  purge,
  platformCreator({
    ...jobTablesOf(environment),
    bucket: environment.BUCKET,
    lanes: laneQueuesOf(environment),
  }),
);
