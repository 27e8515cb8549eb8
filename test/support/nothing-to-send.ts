import type { Postman } from '../../shared/service/notifications/retry-due.ts';
import { MemoryDeliveries } from './memory/memory-deliveries.ts';

/** Of a service whose channels have taken all. */
export const nothingToSend = (): Postman => ({
  deliveries: new MemoryDeliveries(),
  resend: async () => ({ is: 'gone' }),
});
