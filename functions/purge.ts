import { makeClients } from '../shared/aws/clients.ts';
import { QueueEnvironment, readEnvironment } from '../shared/lambda/environment.ts';
import { purge } from '../shared/operations/purge.ts';
import { duty } from './wiring/duty.ts';

/** The purge's schedule: every day at 1 AM, or what an admin has set. */
export const handler = duty(purge, {
  clients: makeClients(),
  environment: readEnvironment(QueueEnvironment),
});
