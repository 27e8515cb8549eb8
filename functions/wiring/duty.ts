import { v5 } from 'uuid';
import { makeClients } from '../../shared/aws/clients.ts';
import { sequenceMaker } from '../../shared/job/sequence.ts';
import {
  JobEnvironment,
  LaneEnvironment,
  readEnvironment,
  TimerEnvironment,
} from '../../shared/lambda/environment.ts';
import { scheduleHandler } from '../../shared/lambda/upkeep.ts';
import type { Operation } from '../../shared/service/operation.ts';
import { jobStores } from './stores.ts';

/** A duty of the service itself: its schedule starts it, and each turn becomes a system job of its operation. */
export const duty = (operation: Operation<never>) =>
  scheduleHandler(operation, {
    ...jobStores(
      makeClients(),
      readEnvironment({ ...JobEnvironment, ...LaneEnvironment, ...TimerEnvironment }),
    ),
    clock: Date.now,
    operations: new Map([[operation.name, operation]]),
    nextSequence: sequenceMaker(Date.now, Math.random),
    idOf: (name) => v5(name, v5.URL),
  });
