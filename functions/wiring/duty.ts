import { v5 } from 'uuid';
import type { Clients } from '../../shared/aws/clients.ts';
import { sequenceMaker } from '../../shared/job/sequence.ts';
import type { QueueEnvironment, Read } from '../../shared/lambda/environment.ts';
import { scheduleHandler } from '../../shared/lambda/upkeep.ts';
import type { Operation } from '../../shared/service/operation.ts';
import { jobStores } from './job-stores.ts';

interface Wired {
  readonly clients: Clients;
  readonly environment: Read<typeof QueueEnvironment>;
}

/** A duty of the service itself: its schedule starts it, and each turn becomes a system job of its operation. */
export const duty = (
  operation: Operation<never>,
  { clients, environment }: Wired,
  rest?: () => Promise<void>,
) =>
  scheduleHandler(
    operation,
    {
      ...jobStores(clients, environment),
      clock: Date.now,
      operations: new Map([[operation.name, operation]]),
      nextSequence: sequenceMaker(Date.now, Math.random),
      idOf: (name) => v5(name, v5.URL),
    },
    rest,
  );
