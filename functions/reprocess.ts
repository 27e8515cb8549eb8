import { platformCreator } from '../shared/aws/platform-creator.ts';
import {
  JobEnvironment,
  jobTablesOf,
  LaneEnvironment,
  laneQueuesOf,
  readEnvironment,
} from '../shared/lambda/environment.ts';
import { scheduleHandler } from '../shared/lambda/upkeep.ts';
import { reprocess } from '../shared/operations/reprocess.ts';

const environment = readEnvironment({ ...JobEnvironment, ...LaneEnvironment });

/** The reprocessing scan's schedule: every quarter of an hour. */
export const handler = scheduleHandler(
  reprocess,
  platformCreator({
    ...jobTablesOf(environment),
    bucket: environment.BUCKET,
    lanes: laneQueuesOf(environment),
  }),
);
